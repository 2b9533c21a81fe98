/**
 * Every name that a log line may have, by what it is about (operations.md §6). A line with another
 * one fails the conformance suite: a field that is needed is added here, where it is seen.
 */
const groups = {
  line: ['@timestamp', '@version', 'message', 'levelname', 'levelno'],
  source: [
    ...['service', 'version', 'git_commit', 'env', 'source_host', 'type', 'process', 'module'],
  ],
  story: ['request_id', 'trace_id', 'span_id', 'user_id', 'order_id'],
  request: [
    ...['request_path', 'operation_name', 'request_ip', 'response_status', 'timing_total_ms'],
    'outcome',
  ],
  event: ['event_id', 'event_type', 'queue', 'attempt'],
  failure: ['error_id', 'error_code', 'stack_info', 'alert', 'reason'],
  /** Ids of what a line is about, none of them of a person. */
  about: [
    ...['account_id', 'action_id', 'execution_id', 'investment_id', 'notice_id'],
    ...['notification_id', 'order_ids', 'payment_id', 'plan_id', 'provider_notice_id'],
    ...['rebalance_id', 'verification_request_id', 'subject', 'symbol'],
  ],
  /** Counts and kinds from bounded sets. */
  told: [
    ...['assets', 'calendar', 'channel', 'close_code', 'config_hash', 'context', 'dropped'],
    ...['failures', 'kind', 'law', 'notifications', 'position', 'source', 'stuck', 'subgraph'],
    'trigger',
  ],
  reconciler: ['drift', 'in_flight', 'checked'],
} as const;

export const logFields: ReadonlySet<string> = new Set(Object.values(groups).flat());
