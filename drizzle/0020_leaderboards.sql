CREATE TABLE "leaderboard_checks" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "leaderboard_checks_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"board_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"status" text DEFAULT 'queued' NOT NULL,
	"asked_by" text NOT NULL,
	"queued_at" timestamp with time zone DEFAULT now() NOT NULL,
	"alive_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	"progress" bigint DEFAULT 0 NOT NULL,
	"ledger_members" bigint DEFAULT 0 NOT NULL,
	"redis_members" bigint DEFAULT 0 NOT NULL,
	"missing" bigint DEFAULT 0 NOT NULL,
	"extra" bigint DEFAULT 0 NOT NULL,
	"different" bigint DEFAULT 0 NOT NULL,
	"displaced" bigint DEFAULT 0 NOT NULL,
	"farthest" bigint DEFAULT 0 NOT NULL,
	"differences" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"error" text
);
--> statement-breakpoint
CREATE TABLE "leaderboard_events" (
	"board_id" uuid NOT NULL,
	"event_id" text NOT NULL,
	"seq" bigint NOT NULL,
	"member" text COLLATE "C" NOT NULL,
	"delta" numeric(19, 3) NOT NULL,
	"entry_ms" bigint,
	"entry_n" integer,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "leaderboard_events_board_id_event_id_pk" PRIMARY KEY("board_id","event_id")
);
--> statement-breakpoint
CREATE TABLE "leaderboard_scores" (
	"board_id" uuid NOT NULL,
	"member" text COLLATE "C" NOT NULL,
	"score" numeric NOT NULL,
	"events" bigint NOT NULL,
	CONSTRAINT "leaderboard_scores_board_id_member_pk" PRIMARY KEY("board_id","member")
);
--> statement-breakpoint
CREATE TABLE "leaderboard_snapshots" (
	"board_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"top" text[] NOT NULL,
	CONSTRAINT "leaderboard_snapshots_board_id_at_pk" PRIMARY KEY("board_id","at")
);
--> statement-breakpoint
CREATE TABLE "leaderboards" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"name" text NOT NULL,
	"tenant" text,
	"mode" text NOT NULL,
	"last_seq" bigint DEFAULT 0 NOT NULL,
	"members" bigint DEFAULT 0 NOT NULL,
	"late_repeats" bigint DEFAULT 0 NOT NULL,
	"last_scored_at" timestamp with time zone,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"closed_at" timestamp with time zone,
	"settled_at" timestamp with time zone,
	CONSTRAINT "leaderboards_name_key" UNIQUE NULLS NOT DISTINCT("tenant","name")
);
--> statement-breakpoint
ALTER TABLE "leaderboard_checks" ADD CONSTRAINT "leaderboard_checks_board_id_leaderboards_id_fk" FOREIGN KEY ("board_id") REFERENCES "public"."leaderboards"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "leaderboard_events" ADD CONSTRAINT "leaderboard_events_board_id_leaderboards_id_fk" FOREIGN KEY ("board_id") REFERENCES "public"."leaderboards"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "leaderboard_scores" ADD CONSTRAINT "leaderboard_scores_board_id_leaderboards_id_fk" FOREIGN KEY ("board_id") REFERENCES "public"."leaderboards"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "leaderboard_snapshots" ADD CONSTRAINT "leaderboard_snapshots_board_id_leaderboards_id_fk" FOREIGN KEY ("board_id") REFERENCES "public"."leaderboards"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "leaderboard_checks_board_idx" ON "leaderboard_checks" USING btree ("board_id","id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "leaderboard_checks_open_idx" ON "leaderboard_checks" USING btree ("id") WHERE finished_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "leaderboard_events_seq_idx" ON "leaderboard_events" USING btree ("board_id","seq");--> statement-breakpoint
CREATE INDEX "leaderboard_scores_ranking_idx" ON "leaderboard_scores" USING btree ("board_id","score" DESC NULLS LAST,"member" DESC NULLS LAST);