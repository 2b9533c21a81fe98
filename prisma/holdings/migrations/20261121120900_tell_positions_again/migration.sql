-- Accounts listens to positions from now on: it gets those that were told before it listened.
UPDATE outbox_event SET published_at = NULL WHERE type = 'holdings.position-changed.v1';
