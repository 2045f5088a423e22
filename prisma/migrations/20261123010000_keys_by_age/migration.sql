-- By age alone. With the program in front it could be taken, while the table is small, for finding a key by its name:
-- then every key of the program is read, and a connection that has planned its look-up so stays with it.
DROP INDEX "idempotency_keys_program_id_created_at_idx";
CREATE INDEX "idempotency_keys_created_at_idx" ON "idempotency_keys" ("created_at");
