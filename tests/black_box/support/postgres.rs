//! A PostgreSQL database for one installation, in the cluster that `tests/with-postgres` starts.

use std::sync::atomic::{AtomicU32, Ordering};

use postgres::{Client, NoTls};

/// Unique within this process; the process id makes it unique among the tests that run beside it.
static NEXT: AtomicU32 = AtomicU32::new(0);

/// Dropped with its contents, servers connected or not.
pub(crate) struct Database {
    cluster: String,
    name: String,
}

impl Database {
    pub(crate) fn create() -> Self {
        let cluster = std::env::var("ENFILADE_TEST_POSTGRES")
            .expect("ENFILADE_TEST_POSTGRES names a PostgreSQL server; `make test` starts one and sets it");
        let name = format!("black_box_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let database = Self { cluster, name };
        database.administer(&format!("create database {}", database.name)).expect("the database is made");
        database
    }

    /// The cluster's address with this database's name in place of the last part.
    pub(crate) fn address(&self) -> String {
        let (server, _) = self.cluster.rsplit_once('/').expect("the cluster's address ends in a database");
        format!("{server}/{}", self.name)
    }

    fn administer(&self, statement: &str) -> Result<(), postgres::Error> {
        Client::connect(&self.cluster, NoTls)?.batch_execute(statement)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let _ = self.administer(&format!("drop database {} with (force)", self.name));
    }
}
