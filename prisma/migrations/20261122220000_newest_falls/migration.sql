-- The last few withdrawals of a neighborhood, without reading past everyone who came in.
CREATE INDEX "entries_falls" ON "entries" ("program_id", "neighborhood_id", "revision") WHERE "enrolled" < 0;
