-- What was kept when a day closed is what every later answer about that day is made of, and nothing adds it up again:
-- it is only ever added to, like the entries. A demonstration may be emptied.
REVOKE UPDATE ON "closings", "closing_sums" FROM kepling_app;

CREATE TRIGGER "closings_forbid_change" BEFORE UPDATE OR DELETE OR TRUNCATE ON "closings"
  FOR EACH STATEMENT EXECUTE FUNCTION "forbid_change"();
CREATE TRIGGER "closing_sums_forbid_change" BEFORE UPDATE OR DELETE OR TRUNCATE ON "closing_sums"
  FOR EACH STATEMENT EXECUTE FUNCTION "forbid_change"();
