CREATE TABLE "redis_price" (
	"only" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"usd_per_gib_month" numeric(24, 12),
	"changed_at" timestamp with time zone NOT NULL,
	"changed_by" text NOT NULL
);
