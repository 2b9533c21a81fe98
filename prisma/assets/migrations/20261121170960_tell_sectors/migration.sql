-- Holdings keeps sectors from now on: what was told last of each asset is told once more, as a new
-- event of the same version, which all others know already.
WITH last AS (
  SELECT DISTINCT ON (aggregate_id) aggregate_id, aggregate_version, type, body FROM outbox_event
  WHERE type = 'assets.asset-updated.v1' ORDER BY aggregate_id, aggregate_version DESC
), again AS (
  SELECT gen_random_uuid() AS event_id, last.* FROM last
)
INSERT INTO outbox_event (event_id, type, aggregate_id, aggregate_version, body)
SELECT event_id, type, aggregate_id, aggregate_version,
  (body::jsonb || jsonb_build_object('eventId', event_id))::text
FROM again;
