-- Holdings listens to strategies from now on, to say how far an account is from its own: it gets
-- those that were told before it listened.
UPDATE outbox_event SET published_at = NULL
WHERE type IN ('strategies.strategy-created.v1', 'strategies.strategy-version-published.v1');
