CREATE TABLE "session_logout_keys" (
	"logout_id" uuid NOT NULL,
	"digest" text NOT NULL,
	"key" text NOT NULL,
	"expires_at" bigint,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "session_logout_keys_logout_id_digest_pk" PRIMARY KEY("logout_id","digest")
);
--> statement-breakpoint
ALTER TABLE "session_logouts" ADD COLUMN "problem" text;--> statement-breakpoint
ALTER TABLE "session_logout_keys" ADD CONSTRAINT "session_logout_keys_logout_id_session_logouts_id_fk" FOREIGN KEY ("logout_id") REFERENCES "public"."session_logouts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "session_logout_keys_at_idx" ON "session_logout_keys" USING btree ("at");