-- By place and by time alone. With the program in front these could be taken, while the tables are small, for finding what a
-- revision changed: then every look reads all that was ever posted, and a connection that has planned it so stays with it.
DROP INDEX "postings_program_id_posted_at_idx";
CREATE INDEX "postings_posted_at_idx" ON "postings" ("posted_at");

DROP INDEX "entries_program_id_neighborhood_id_revision_idx";
CREATE INDEX "entries_neighborhood_id_revision_idx" ON "entries" ("neighborhood_id", "revision");

DROP INDEX "entries_falls";
CREATE INDEX "entries_falls" ON "entries" ("neighborhood_id", "revision") WHERE "enrolled" < 0;
