CREATE TABLE "flag_changes" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "flag_changes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"flag" text NOT NULL,
	"revision" integer NOT NULL,
	"tenant" text,
	"before" jsonb,
	"after" jsonb,
	"reason" text,
	"actor_kind" "actor_kind" NOT NULL,
	"actor_id" text NOT NULL,
	"actor_name" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "flag_overrides" (
	"flag" text NOT NULL,
	"tenant" text NOT NULL,
	"enabled" boolean NOT NULL,
	"share" integer NOT NULL,
	"users" text[] NOT NULL,
	"groups" text[] NOT NULL,
	CONSTRAINT "flag_overrides_flag_tenant_pk" PRIMARY KEY("flag","tenant")
);
--> statement-breakpoint
CREATE TABLE "flags" (
	"name" text PRIMARY KEY NOT NULL,
	"description" text,
	"enabled" boolean NOT NULL,
	"share" integer NOT NULL,
	"users" text[] NOT NULL,
	"groups" text[] NOT NULL,
	"salt" text NOT NULL,
	"revision" integer NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "flag_overrides" ADD CONSTRAINT "flag_overrides_flag_flags_name_fk" FOREIGN KEY ("flag") REFERENCES "public"."flags"("name") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "flag_changes_flag_idx" ON "flag_changes" USING btree ("flag","id");--> statement-breakpoint
CREATE INDEX "flag_changes_tenant_idx" ON "flag_changes" USING btree ("tenant");--> statement-breakpoint
CREATE INDEX "flag_overrides_tenant_idx" ON "flag_overrides" USING btree ("tenant");