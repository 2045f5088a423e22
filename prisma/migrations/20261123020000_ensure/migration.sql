-- Ends the transaction where something does not hold. The ledger sends its commit together with what it writes; what
-- must not be committed has to fail here, and not where the answer is read.
CREATE FUNCTION "ensure"("holds" boolean, "otherwise" text) RETURNS boolean
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF "holds" THEN
    RETURN true;
  END IF;
  RAISE EXCEPTION '%', "otherwise" USING ERRCODE = '23000';
END
$$;
