//! The rights of the application's database role, for `binnacle doctor`.

use sqlx::{FromRow, PgPool};

#[derive(Debug, FromRow)]
pub struct Rights {
    pub role: String,
    /// By the function `append`.
    pub may_append: bool,
    /// Must be false: events, effects and their evidence cannot be rewritten.
    pub may_rewrite: bool,
    pub may_read: bool,
    pub accounts: i64,
}

pub async fn read(pool: &PgPool) -> Result<Rights, sqlx::Error> {
    sqlx::query_as(
        "SELECT current_user::text AS role,
             coalesce((SELECT bool_and(has_function_privilege(p.oid, 'EXECUTE')) FROM pg_proc p
                 JOIN pg_namespace n ON n.oid = p.pronamespace
                 WHERE p.proname = 'append' AND n.nspname = 'public'), false) AS may_append,
             has_table_privilege('public.events', 'INSERT, UPDATE, DELETE, TRUNCATE')
                 OR has_column_privilege('public.effects', 'body', 'UPDATE')
                 OR has_table_privilege('evidence.checkpoints', 'INSERT, UPDATE, DELETE, TRUNCATE')
                 OR has_table_privilege('evidence.tiles', 'INSERT, UPDATE, DELETE, TRUNCATE') AS may_rewrite,
             has_table_privilege('public.events', 'SELECT') AND has_schema_privilege('read', 'USAGE') AS may_read,
             (SELECT count(*) FROM auth.credentials) AS accounts",
    )
    .fetch_one(pool)
    .await
}
