-- CreateEnum
CREATE TYPE "role" AS ENUM ('ADMIN', 'BPJS', 'DIRECTOR', 'LEADERSHIP', 'GOVERNANCE', 'DISTRICT', 'VILLAGE', 'NEIGHBORHOOD', 'SCREEN', 'SYSTEM');

-- CreateEnum
CREATE TYPE "area_level" AS ENUM ('CITY', 'DISTRICT', 'VILLAGE', 'NEIGHBORHOOD');

-- CreateEnum
CREATE TYPE "enrollment_status" AS ENUM ('PENDING', 'ENROLLED', 'WITHDRAWN');

-- CreateEnum
CREATE TYPE "persistency" AS ENUM ('TOO_NEW', 'STOPPED', 'PAYING', 'IN_ARREARS', 'LAPSED', 'RESUMED');

-- CreateEnum
CREATE TYPE "withdraw_reason" AS ENUM ('DUPLICATE', 'ENTERED_IN_ERROR', 'NOT_ELIGIBLE', 'MOVED_AWAY', 'DECEASED', 'OWN_REQUEST');

-- CreateEnum
CREATE TYPE "entry_kind" AS ENUM ('TARGET', 'ENROLLED', 'WITHDRAWN', 'CONTRIBUTED', 'CLASSIFIED');

-- CreateEnum
CREATE TYPE "program_mode" AS ENUM ('DEMO', 'LIVE', 'REHEARSAL');

-- CreateTable
CREATE TABLE "principals" (
    "id" SERIAL NOT NULL,
    "program_id" INTEGER NOT NULL,
    "username" TEXT NOT NULL,
    "role" "role" NOT NULL,
    "area_code" TEXT NOT NULL,
    "key_hash" BYTEA,
    "is_simulated" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "principals_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "areas" (
    "id" SERIAL NOT NULL,
    "program_id" INTEGER NOT NULL,
    "code" TEXT NOT NULL,
    "bps_code" TEXT,
    "level" "area_level" NOT NULL,
    "name" TEXT NOT NULL,
    "short_name" TEXT NOT NULL,
    "abbreviation" TEXT,
    "number" INTEGER,
    "parent_id" INTEGER,
    "is_simulated" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "areas_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "contributions" (
    "program_id" INTEGER NOT NULL,
    "participant_id" UUID NOT NULL,
    "period" DATE NOT NULL,
    "paid_on" DATE NOT NULL,
    "amount" INTEGER NOT NULL,
    "revision" INTEGER NOT NULL,

    CONSTRAINT "contributions_pkey" PRIMARY KEY ("program_id","participant_id","period")
);

-- CreateTable
CREATE TABLE "participants" (
    "id" UUID NOT NULL,
    "program_id" INTEGER NOT NULL,
    "nik_hash" BYTEA NOT NULL,
    "key_id" SMALLINT NOT NULL,
    "sealed" BYTEA,
    "is_simulated" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "participants_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "enrollments" (
    "id" UUID NOT NULL,
    "program_id" INTEGER NOT NULL,
    "participant_id" UUID NOT NULL,
    "neighborhood_id" INTEGER NOT NULL,
    "principal_id" INTEGER NOT NULL,
    "status" "enrollment_status" NOT NULL,
    "enrolled_on" DATE NOT NULL,
    "enrolled_revision" INTEGER NOT NULL,
    "withdrawn_revision" INTEGER,
    "withdraw_reason" "withdraw_reason",
    "withdraw_note" BYTEA,
    "note_key_id" SMALLINT,
    "months_covered" SMALLINT NOT NULL DEFAULT 0,
    "persistency" "persistency" NOT NULL DEFAULT 'TOO_NEW',

    CONSTRAINT "enrollments_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "idempotency_keys" (
    "program_id" INTEGER NOT NULL,
    "principal_id" INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    "input_hash" BYTEA NOT NULL,
    "outcome" TEXT NOT NULL,
    "enrollment_id" UUID,
    "revision" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY ("program_id","principal_id","key")
);

-- CreateTable
CREATE TABLE "ledger_heads" (
    "program_id" INTEGER NOT NULL,
    "revision" INTEGER NOT NULL,
    "posted_at" TIMESTAMPTZ(3) NOT NULL,
    "audit_sequence" BIGINT NOT NULL,
    "audit_hash" BYTEA NOT NULL,
    "closed_day" DATE,

    CONSTRAINT "ledger_heads_pkey" PRIMARY KEY ("program_id")
);

-- CreateTable
CREATE TABLE "postings" (
    "program_id" INTEGER NOT NULL,
    "revision" INTEGER NOT NULL,
    "posted_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "postings_pkey" PRIMARY KEY ("program_id","revision")
);

-- CreateTable
CREATE TABLE "entries" (
    "program_id" INTEGER NOT NULL,
    "revision" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    "kind" "entry_kind" NOT NULL,
    "neighborhood_id" INTEGER NOT NULL,
    "enrollment_id" UUID,
    "reason" "withdraw_reason",
    "enrolled" INTEGER NOT NULL,
    "pending" INTEGER NOT NULL,
    "target" INTEGER NOT NULL,
    "months_none" INTEGER NOT NULL,
    "months_one" INTEGER NOT NULL,
    "months_more" INTEGER NOT NULL,
    "too_new" INTEGER NOT NULL,
    "stopped" INTEGER NOT NULL,
    "paying" INTEGER NOT NULL,
    "in_arrears" INTEGER NOT NULL,
    "lapsed" INTEGER NOT NULL,
    "resumed" INTEGER NOT NULL,

    CONSTRAINT "entries_pkey" PRIMARY KEY ("program_id","revision","position")
);

-- CreateTable
CREATE TABLE "neighborhood_sums" (
    "program_id" INTEGER NOT NULL,
    "neighborhood_id" INTEGER NOT NULL,
    "enrolled" INTEGER NOT NULL DEFAULT 0,
    "pending" INTEGER NOT NULL DEFAULT 0,
    "target" INTEGER NOT NULL DEFAULT 0,
    "months_none" INTEGER NOT NULL DEFAULT 0,
    "months_one" INTEGER NOT NULL DEFAULT 0,
    "months_more" INTEGER NOT NULL DEFAULT 0,
    "too_new" INTEGER NOT NULL DEFAULT 0,
    "stopped" INTEGER NOT NULL DEFAULT 0,
    "paying" INTEGER NOT NULL DEFAULT 0,
    "in_arrears" INTEGER NOT NULL DEFAULT 0,
    "lapsed" INTEGER NOT NULL DEFAULT 0,
    "resumed" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "neighborhood_sums_pkey" PRIMARY KEY ("program_id","neighborhood_id")
);

-- CreateTable
CREATE TABLE "closings" (
    "program_id" INTEGER NOT NULL,
    "day" DATE NOT NULL,
    "revision" INTEGER NOT NULL,

    CONSTRAINT "closings_pkey" PRIMARY KEY ("program_id","day")
);

-- CreateTable
CREATE TABLE "closing_sums" (
    "program_id" INTEGER NOT NULL,
    "day" DATE NOT NULL,
    "neighborhood_id" INTEGER NOT NULL,
    "enrolled" INTEGER NOT NULL,
    "pending" INTEGER NOT NULL,
    "target" INTEGER NOT NULL,
    "months_none" INTEGER NOT NULL,
    "months_one" INTEGER NOT NULL,
    "months_more" INTEGER NOT NULL,
    "too_new" INTEGER NOT NULL,
    "stopped" INTEGER NOT NULL,
    "paying" INTEGER NOT NULL,
    "in_arrears" INTEGER NOT NULL,
    "lapsed" INTEGER NOT NULL,
    "resumed" INTEGER NOT NULL,

    CONSTRAINT "closing_sums_pkey" PRIMARY KEY ("program_id","day","neighborhood_id")
);

-- CreateTable
CREATE TABLE "audit_log" (
    "program_id" INTEGER NOT NULL,
    "sequence" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "principal_id" INTEGER NOT NULL,
    "action" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "previous_hash" BYTEA NOT NULL,
    "hash" BYTEA NOT NULL,

    CONSTRAINT "audit_log_pkey" PRIMARY KEY ("program_id","sequence")
);

-- CreateTable
CREATE TABLE "programs" (
    "id" INTEGER NOT NULL,
    "code" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "mode" "program_mode" NOT NULL,
    "epoch" UUID NOT NULL,
    "city_code" TEXT NOT NULL,
    "target_per_neighborhood" INTEGER NOT NULL,
    "starts_on" DATE NOT NULL,
    "target_on" DATE,
    "source_cut_off" DATE,
    "clock_offset_ms" BIGINT NOT NULL DEFAULT 0,
    "opened_at" TIMESTAMPTZ(3),
    "coverage_protected" INTEGER NOT NULL,
    "coverage_labor_force" INTEGER NOT NULL,
    "coverage_quoted_rate" DECIMAL(6,4),
    "coverage_source" TEXT NOT NULL,
    "coverage_as_of" DATE NOT NULL,

    CONSTRAINT "programs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "versions" (
    "program_id" INTEGER NOT NULL,
    "topic" TEXT NOT NULL,
    "version" BIGINT NOT NULL,

    CONSTRAINT "versions_pkey" PRIMARY KEY ("program_id","topic")
);

-- CreateIndex
CREATE UNIQUE INDEX "principals_key_hash_key" ON "principals"("key_hash");

-- CreateIndex
CREATE UNIQUE INDEX "principals_program_id_username_key" ON "principals"("program_id", "username");

-- CreateIndex
CREATE INDEX "areas_parent_id_idx" ON "areas"("parent_id");

-- CreateIndex
CREATE UNIQUE INDEX "areas_program_id_code_key" ON "areas"("program_id", "code");

-- CreateIndex
CREATE UNIQUE INDEX "participants_program_id_nik_hash_key" ON "participants"("program_id", "nik_hash");

-- CreateIndex
CREATE INDEX "enrollments_program_id_neighborhood_id_status_idx" ON "enrollments"("program_id", "neighborhood_id", "status");

-- CreateIndex
CREATE INDEX "enrollments_participant_id_idx" ON "enrollments"("participant_id");

-- CreateIndex
CREATE INDEX "idempotency_keys_program_id_created_at_idx" ON "idempotency_keys"("program_id", "created_at");

-- CreateIndex
CREATE INDEX "postings_program_id_posted_at_idx" ON "postings"("program_id", "posted_at");

-- CreateIndex
CREATE INDEX "entries_program_id_neighborhood_id_revision_idx" ON "entries"("program_id", "neighborhood_id", "revision");

-- CreateIndex
CREATE INDEX "closings_program_id_revision_idx" ON "closings"("program_id", "revision");

-- CreateIndex
CREATE UNIQUE INDEX "programs_code_key" ON "programs"("code");

-- AddForeignKey
ALTER TABLE "areas" ADD CONSTRAINT "areas_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "areas"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "contributions" ADD CONSTRAINT "contributions_participant_id_fkey" FOREIGN KEY ("participant_id") REFERENCES "participants"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "enrollments" ADD CONSTRAINT "enrollments_participant_id_fkey" FOREIGN KEY ("participant_id") REFERENCES "participants"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "enrollments" ADD CONSTRAINT "enrollments_neighborhood_id_fkey" FOREIGN KEY ("neighborhood_id") REFERENCES "areas"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- What the schema language cannot say, by hand from here on.

-- Rows that are updated at every commit: room on the page keeps the updates out of the indexes.
ALTER TABLE "neighborhood_sums" SET (fillfactor = 70);
ALTER TABLE "ledger_heads" SET (fillfactor = 70);
ALTER TABLE "versions" SET (fillfactor = 70);

ALTER TABLE "ledger_heads" ADD CONSTRAINT "ledger_heads_revision_not_negative" CHECK ("revision" >= 0);
ALTER TABLE "postings" ADD CONSTRAINT "postings_revision_from_one" CHECK ("revision" >= 1);
ALTER TABLE "entries" ADD CONSTRAINT "entries_revision_from_one" CHECK ("revision" >= 1);
ALTER TABLE "enrollments" ADD CONSTRAINT "enrollments_months_not_negative" CHECK ("months_covered" >= 0);
ALTER TABLE "neighborhood_sums"
  ADD CONSTRAINT "neighborhood_sums_not_negative" CHECK (
    least("enrolled", "pending", "target", "months_none", "months_one", "months_more",
          "too_new", "stopped", "paying", "in_arrears", "lapsed", "resumed") >= 0
  ),
  ADD CONSTRAINT "neighborhood_sums_months_agree" CHECK ("months_none" + "months_one" + "months_more" = "enrolled"),
  ADD CONSTRAINT "neighborhood_sums_classes_agree" CHECK (
    "too_new" + "stopped" + "paying" + "in_arrears" + "lapsed" + "resumed" = "enrolled"
  );

-- What is posted stays as it was posted, whoever asks. Only a database that holds no live program can be emptied,
-- as the demonstration's reset does.
CREATE FUNCTION "forbid_change"() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'TRUNCATE' AND NOT EXISTS (SELECT FROM programs WHERE mode = 'LIVE') THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION '% on % is forbidden: it is only ever added to', TG_OP, TG_TABLE_NAME
    USING ERRCODE = '23001', HINT = 'Post a correcting entry.';
END
$$;

CREATE TRIGGER "entries_forbid_change" BEFORE UPDATE OR DELETE OR TRUNCATE ON "entries"
  FOR EACH STATEMENT EXECUTE FUNCTION "forbid_change"();
CREATE TRIGGER "postings_forbid_change" BEFORE UPDATE OR DELETE OR TRUNCATE ON "postings"
  FOR EACH STATEMENT EXECUTE FUNCTION "forbid_change"();
CREATE TRIGGER "audit_log_forbid_change" BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_log"
  FOR EACH STATEMENT EXECUTE FUNCTION "forbid_change"();

-- The program: adds and changes, but removes nothing except answers that have had their time.
GRANT SELECT, INSERT, UPDATE ON
  "programs", "versions", "principals", "areas", "participants", "enrollments", "contributions",
  "idempotency_keys", "ledger_heads", "neighborhood_sums", "closings", "closing_sums"
  TO kepling_app;
GRANT SELECT, INSERT ON "entries", "postings", "audit_log" TO kepling_app;
GRANT DELETE ON "idempotency_keys" TO kepling_app;
GRANT USAGE ON SEQUENCE "principals_id_seq", "areas_id_seq" TO kepling_app;

-- The reader: figures, never a person. Columns that could lead to one are named by being left out.
GRANT SELECT ON
  "programs", "versions", "areas", "contributions", "idempotency_keys", "ledger_heads", "neighborhood_sums",
  "closings", "closing_sums", "entries", "postings", "audit_log"
  TO kepling_reader;
GRANT SELECT ("id", "program_id", "username", "role", "area_code", "is_simulated", "created_at", "revoked_at")
  ON "principals" TO kepling_reader;
GRANT SELECT ("id", "program_id", "key_id", "is_simulated") ON "participants" TO kepling_reader;
GRANT SELECT (
  "id", "program_id", "participant_id", "neighborhood_id", "principal_id", "status", "enrolled_on",
  "enrolled_revision", "withdrawn_revision", "withdraw_reason", "months_covered", "persistency"
) ON "enrollments" TO kepling_reader;

-- Who sees which people. The ledger's own connection says so when it connects and pays nothing per row; everyone else
-- names, inside a transaction, the area they answer for. Who names none sees nobody.
CREATE FUNCTION "is_ledger"() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
  RETURN coalesce(current_setting('kepling.scope', true) = 'ledger', false);

-- A boundary follows the prefix, so that 12.71.1 is not taken for the parent of 12.71.14.
CREATE FUNCTION "is_within_own_area"("code" text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
  RETURN coalesce(
    current_setting('kepling.area', true) <> '' AND (
      "code" = current_setting('kepling.area', true)
      OR starts_with("code", current_setting('kepling.area', true) || '.')
      OR starts_with("code", current_setting('kepling.area', true) || '-')
    ),
    false
  );

ALTER TABLE "enrollments" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "enrollments" FORCE ROW LEVEL SECURITY;
CREATE POLICY "owner" ON "enrollments" TO kepling_owner USING (true);
CREATE POLICY "reader" ON "enrollments" FOR SELECT TO kepling_reader USING (true);
CREATE POLICY "ledger" ON "enrollments" TO kepling_app USING ((SELECT is_ledger()));
CREATE POLICY "area" ON "enrollments" FOR SELECT TO kepling_app
  USING ("neighborhood_id" IN (SELECT a."id" FROM "areas" a WHERE is_within_own_area(a."code")));

ALTER TABLE "participants" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "participants" FORCE ROW LEVEL SECURITY;
CREATE POLICY "owner" ON "participants" TO kepling_owner USING (true);
CREATE POLICY "reader" ON "participants" FOR SELECT TO kepling_reader USING (true);
CREATE POLICY "ledger" ON "participants" TO kepling_app USING ((SELECT is_ledger()));
CREATE POLICY "area" ON "participants" FOR SELECT TO kepling_app
  USING (EXISTS (SELECT FROM "enrollments" e WHERE e."participant_id" = "participants"."id"));

ALTER TABLE "contributions" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "contributions" FORCE ROW LEVEL SECURITY;
CREATE POLICY "owner" ON "contributions" TO kepling_owner USING (true);
CREATE POLICY "reader" ON "contributions" FOR SELECT TO kepling_reader USING (true);
CREATE POLICY "ledger" ON "contributions" TO kepling_app USING ((SELECT is_ledger()));
CREATE POLICY "area" ON "contributions" FOR SELECT TO kepling_app
  USING (EXISTS (SELECT FROM "enrollments" e WHERE e."participant_id" = "contributions"."participant_id"));
