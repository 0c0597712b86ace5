CREATE TABLE "kv_counts" (
	"minute" timestamp with time zone NOT NULL,
	"namespace" text NOT NULL,
	"process" text NOT NULL,
	"reads" integer NOT NULL,
	"writes" integer NOT NULL,
	"deletes" integer NOT NULL,
	"peak_per_second" integer NOT NULL,
	CONSTRAINT "kv_counts_minute_namespace_process_pk" PRIMARY KEY("minute","namespace","process")
);
--> statement-breakpoint
CREATE TABLE "kv_duels" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"state" text NOT NULL,
	"against" text NOT NULL,
	"operations" integer NOT NULL,
	"clients" integer NOT NULL,
	"value_bytes" integer NOT NULL,
	"read_share" real NOT NULL,
	"done" integer DEFAULT 0 NOT NULL,
	"heard_at" timestamp with time zone,
	"sides" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"problem" text,
	"started_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "kv_logged" (
	"namespace" text NOT NULL,
	"tenant" text NOT NULL,
	"key" text NOT NULL,
	"value" text NOT NULL,
	"expires_at" timestamp with time zone,
	CONSTRAINT "kv_logged_namespace_tenant_key_pk" PRIMARY KEY("namespace","tenant","key")
);
--> statement-breakpoint
CREATE TABLE "kv_namespaces" (
	"name" text PRIMARY KEY NOT NULL,
	"store" text NOT NULL,
	"other" text,
	"phase" text DEFAULT 'settled' NOT NULL,
	"phase_since" timestamp with time zone DEFAULT now() NOT NULL,
	"cursor" text,
	"copied" bigint DEFAULT 0 NOT NULL,
	"verified" bigint DEFAULT 0 NOT NULL,
	"differed" bigint DEFAULT 0 NOT NULL,
	"problem" text,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE UNLOGGED TABLE "kv_unlogged" (
	"namespace" text NOT NULL,
	"tenant" text NOT NULL,
	"key" text NOT NULL,
	"value" text NOT NULL,
	"expires_at" timestamp with time zone,
	CONSTRAINT "kv_unlogged_namespace_tenant_key_pk" PRIMARY KEY("namespace","tenant","key")
);
--> statement-breakpoint
CREATE TABLE "store_marks" (
	"store" text PRIMARY KEY NOT NULL,
	"production" boolean NOT NULL,
	"changed_by" text NOT NULL,
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE UNLOGGED TABLE "limit_counters" (
	"policy_id" uuid NOT NULL,
	"tenant" text NOT NULL,
	"subject" text NOT NULL,
	"shape" text NOT NULL,
	"at" bigint NOT NULL,
	"level" bigint NOT NULL,
	"slots" jsonb NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "limit_counters_policy_id_tenant_subject_shape_pk" PRIMARY KEY("policy_id","tenant","subject","shape")
);
--> statement-breakpoint
CREATE TABLE "limit_counts" (
	"minute" timestamp with time zone NOT NULL,
	"policy_id" uuid NOT NULL,
	"tenant" text NOT NULL,
	"subject" text NOT NULL,
	"process" text NOT NULL,
	"admitted" integer NOT NULL,
	"admitted_points" bigint NOT NULL,
	"refused" integer NOT NULL,
	"refused_points" bigint NOT NULL,
	"by_postgres" integer NOT NULL,
	CONSTRAINT "limit_counts_minute_policy_id_tenant_subject_process_pk" PRIMARY KEY("minute","policy_id","tenant","subject","process")
);
--> statement-breakpoint
CREATE TABLE "limit_policies" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"name" text NOT NULL,
	"tenant" text,
	"kind" text NOT NULL,
	"points" integer NOT NULL,
	"window_seconds" integer NOT NULL,
	"refill_points" integer,
	"subject" text,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "limit_policy_history" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "limit_policy_history_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"policy_id" uuid NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"change" text NOT NULL,
	"kind" text NOT NULL,
	"points" integer NOT NULL,
	"window_seconds" integer NOT NULL,
	"refill_points" integer,
	"by" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "limit_policy_history" ADD CONSTRAINT "limit_policy_history_policy_id_limit_policies_id_fk" FOREIGN KEY ("policy_id") REFERENCES "public"."limit_policies"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "kv_counts_namespace_idx" ON "kv_counts" USING btree ("namespace","minute");--> statement-breakpoint
CREATE INDEX "kv_duels_created_idx" ON "kv_duels" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "kv_logged_expires_idx" ON "kv_logged" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "kv_logged_tenant_idx" ON "kv_logged" USING btree ("tenant");--> statement-breakpoint
CREATE INDEX "kv_unlogged_expires_idx" ON "kv_unlogged" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "kv_unlogged_tenant_idx" ON "kv_unlogged" USING btree ("tenant");--> statement-breakpoint
CREATE INDEX "limit_counters_expires_idx" ON "limit_counters" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "limit_counts_policy_idx" ON "limit_counts" USING btree ("policy_id","minute");--> statement-breakpoint
CREATE UNIQUE INDEX "limit_policies_name_key" ON "limit_policies" USING btree ("name",coalesce(tenant, '')) WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "limit_policy_history_idx" ON "limit_policy_history" USING btree ("policy_id","at");--> statement-breakpoint
CREATE FUNCTION consume_limit(
  p_policy uuid, p_tenant text, p_subject text, p_kind text, p_points bigint, p_limit bigint, p_window_ms bigint,
  p_refill bigint, OUT allowed boolean, OUT remaining bigint, OUT reset_ms bigint, OUT retry_ms bigint
) LANGUAGE plpgsql AS $$
DECLARE
  slots_per_window CONSTANT bigint := 60;
  now_ms bigint;
  shape_of text := p_kind || ':' || p_window_ms;
  c limit_counters%ROWTYPE;
  slot_ms bigint := ceil(p_window_ms::numeric / slots_per_window);
  used bigint;
  freed bigint := 0;
  one record;
BEGIN
  -- The row is there and locked before the clock is read: who waited for it does not count in the past.
  INSERT INTO limit_counters (policy_id, tenant, subject, shape, at, level, slots, expires_at)
    VALUES (p_policy, p_tenant, p_subject, shape_of, 0, 0, '{}', now())
    ON CONFLICT (policy_id, tenant, subject, shape) DO NOTHING;
  SELECT * INTO c FROM limit_counters
    WHERE policy_id = p_policy AND tenant = p_tenant AND subject = p_subject AND shape = shape_of FOR UPDATE;
  IF NOT FOUND THEN -- deleted by the clean-up in between: tried once more
    SELECT r.allowed, r.remaining, r.reset_ms, r.retry_ms INTO allowed, remaining, reset_ms, retry_ms
      FROM consume_limit(p_policy, p_tenant, p_subject, p_kind, p_points, p_limit, p_window_ms, p_refill) r;
    RETURN;
  END IF;
  now_ms := floor(extract(epoch FROM clock_timestamp()) * 1000);

  IF p_kind = 'token_bucket' THEN
    -- In units of 1 / window of a point, so that nothing is rounded.
    IF c.at = 0 THEN c.level := p_limit * p_window_ms; c.at := now_ms; END IF;
    now_ms := greatest(now_ms, c.at);
    c.level := least(p_limit * p_window_ms, c.level + (now_ms - c.at) * p_refill);
    c.at := now_ms;
    allowed := c.level >= p_points * p_window_ms;
    IF allowed THEN c.level := c.level - p_points * p_window_ms;
    ELSIF p_points <= p_limit THEN retry_ms := ceil((p_points * p_window_ms - c.level)::numeric / p_refill);
    END IF;
    remaining := c.level / p_window_ms;
    reset_ms := ceil((p_limit * p_window_ms - c.level)::numeric / p_refill);
  ELSIF p_kind = 'sliding_window' THEN
    now_ms := greatest(now_ms, c.at);
    c.at := now_ms;
    SELECT coalesce(jsonb_object_agg(key, value), '{}'), coalesce(sum(value::bigint), 0) INTO c.slots, used
      FROM jsonb_each_text(c.slots) WHERE key::bigint >= now_ms / slot_ms - slots_per_window;
    allowed := used + p_points <= p_limit;
    IF allowed THEN
      used := used + p_points;
      c.slots := c.slots || jsonb_build_object((now_ms / slot_ms)::text,
        coalesce((c.slots ->> (now_ms / slot_ms)::text)::bigint, 0) + p_points);
    ELSIF p_points <= p_limit THEN
      FOR one IN SELECT key::bigint AS slot, value::bigint AS points FROM jsonb_each_text(c.slots) ORDER BY 1 LOOP
        freed := freed + one.points;
        retry_ms := (one.slot + slots_per_window + 1) * slot_ms - now_ms;
        EXIT WHEN used - freed + p_points <= p_limit;
      END LOOP;
    END IF;
    remaining := p_limit - used;
    SELECT coalesce((max(key::bigint) + slots_per_window + 1) * slot_ms - now_ms, 0) INTO reset_ms
      FROM jsonb_each_text(c.slots);
  ELSE
    IF c.at < now_ms / p_window_ms THEN c.at := now_ms / p_window_ms; c.level := 0; END IF;
    allowed := c.level + p_points <= p_limit;
    IF allowed THEN c.level := c.level + p_points; END IF;
    remaining := p_limit - c.level;
    reset_ms := (c.at + 1) * p_window_ms - now_ms;
    IF NOT allowed AND p_points <= p_limit THEN retry_ms := reset_ms; END IF;
  END IF;

  remaining := greatest(remaining, 0);
  IF allowed AND p_points > 0 THEN
    UPDATE limit_counters SET at = c.at, level = c.level, slots = c.slots,
        expires_at = clock_timestamp() + reset_ms * interval '1 millisecond'
      WHERE policy_id = p_policy AND tenant = p_tenant AND subject = p_subject AND shape = shape_of;
  END IF;
END $$;
