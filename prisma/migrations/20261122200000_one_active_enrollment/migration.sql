-- A participant is counted once. The ledger looks before it writes; this stands behind it.
CREATE UNIQUE INDEX "enrollments_one_active" ON "enrollments" ("participant_id") WHERE "status" <> 'WITHDRAWN';
