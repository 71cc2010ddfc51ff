//! What can go wrong below a unit.

/// A failure of the database itself; refusals of the domain are the unit's own errors.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The queue is full: the caller should try again shortly.
    #[error("the database has more work queued than it can take")]
    Busy,
    /// The database's threads have ended.
    #[error("the database is closed")]
    Closed,
    /// The unit panicked; nothing of it was kept.
    #[error("a unit of work panicked: {0}")]
    Panicked(String),
    /// The whole transaction was rolled back under the unit: disk full, I/O error, out of memory; on PostgreSQL,
    /// a statement failed and the unit went on as if it hadn't.
    #[error("the transaction was rolled back: {0}")]
    RolledBack(String),
    /// PostgreSQL kept refusing to serialize the unit.
    #[error("the unit met other writers too often")]
    Contended,
    /// A statement names an argument that wasn't given.
    #[error("the statement wants an argument ${0}, which was not given")]
    Argument(usize),
    /// More arguments were given than a statement names.
    #[error("{0} arguments were given, more than the statement names")]
    Surplus(usize),
    /// A query for exactly one row found none.
    #[error("a row was expected and there is none")]
    NoRow,
    /// A column held another type than was asked for.
    #[error("column {column}: expected {expected}, found {found}")]
    Cell {
        /// The column's position, from 0.
        column: usize,
        /// The type asked for.
        expected: &'static str,
        /// The type found.
        found: &'static str,
    },
    /// A stored value is none of those its type allows.
    #[error("a stored value is not valid: {0}")]
    Invalid(String),
    /// The schema doesn't fit this build.
    #[error("{0}")]
    Schema(String),
    /// A counter has no number left.
    #[error("the counter {0} is used up")]
    Exhausted(&'static str),
    /// SQLite's own error.
    #[error("sqlite: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// PostgreSQL's own error.
    #[error("postgres: {}", postgres_text(.0))]
    Postgres(#[from] postgres::Error),
    /// The operating system's error, such as a thread that can't be started.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

impl Error {
    /// Whether the database as a whole is out of reach, and may be back soon.
    pub fn is_unreachable(&self) -> bool {
        match self {
            Self::Closed => true,
            Self::Postgres(error) => is_lost(error),
            _ => false,
        }
    }
}

/// The result of everything in this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// Whether the connection is gone: the server said goodbye, or there is nobody at the other end.
fn is_lost(error: &postgres::Error) -> bool {
    let source = std::error::Error::source(error);
    error.is_closed()
        || error.as_db_error().is_some_and(|error| matches!(error.severity(), "FATAL" | "PANIC"))
        || source.is_some_and(<dyn std::error::Error>::is::<std::io::Error>)
}

/// `postgres::Error` prints only "db error"; the server's sentence is in its source.
fn postgres_text(error: &postgres::Error) -> String {
    error.as_db_error().map_or_else(|| error.to_string(), ToString::to_string)
}
