// Loaded before a process of a fleet: whoever started it is its only reason to run. When that one
// ends, even by SIGKILL, the channel between them closes and the process stops as on SIGTERM.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
