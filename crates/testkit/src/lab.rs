//! An installation without HTTP.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use blob::Blobs;
use db::{Conn, Db, Location, Options};
use domain::call::{Caller, Client, Via};
use domain::people::{self, NewPerson, Person, UserKind, password};
use domain::portals::{self, Addresses, Founder, NewOwner, NewPortal, Portal};
use domain::store::{Chance, Generation, NobodyWaits};
use domain::time::Clock;
use domain::{Call, Result, Store, Timestamp, Tx, schema};
use jobs::Means;
use mail::{Letter, Post};
use tempfile::TempDir;

/// The variable that says where the tests' PostgreSQL is; `tests/with-postgres` sets it.
const POSTGRES: &str = "ENFILADE_TEST_POSTGRES";
/// The time at which every lab begins: 2026-03-01 09:30:00 UTC.
const START: i64 = 1_772_357_400_000_000;
/// The seed of every lab's chance.
const SEED: u64 = 42;

/// A database engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// A file in a temporary folder.
    Sqlite,
    /// A schema of its own in the tests' cluster.
    Postgres,
}

/// A founded installation.
pub struct Lab {
    /// The store.
    pub store: Store,
    /// The engine it runs on.
    pub engine: Engine,
    /// What its jobs work with: contents in a folder of its own, and letters that are caught.
    pub means: Means,
    clock: Arc<AtomicI64>,
    _ground: Ground,
    _contents: TempDir,
}

/// What a lab stands on; removed with it.
enum Ground {
    Folder(#[expect(dead_code, reason = "removed when it is dropped")] TempDir),
    Schema { address: String, name: String },
}

impl Drop for Ground {
    fn drop(&mut self) {
        if let Self::Schema { address, name } = self {
            let statement = format!("drop schema if exists {name} cascade");
            on_own_thread(address.clone(), statement);
        }
    }
}

/// Runs a statement on a thread of its own: a client must not be used on a runtime's.
fn on_own_thread(address: String, statement: String) {
    let done = std::thread::spawn(move || {
        let mut client = postgres::Client::connect(&address, postgres::NoTls)?;
        client.batch_execute(&statement)
    });
    match done.join() {
        Ok(Ok(())) => {}
        Ok(Err(error)) => eprintln!("the tests' PostgreSQL: {error}"),
        Err(_) => eprintln!("the tests' PostgreSQL: a thread panicked"),
    }
}

impl Lab {
    /// A fresh one: migrated, founded, without owner.
    #[expect(clippy::expect_used, reason = "a test that has no ground fails")]
    pub fn new(engine: Engine) -> Self {
        let (location, ground) = break_ground(engine);
        let clock = Arc::new(AtomicI64::new(START));
        let generation = Generation::default();
        let stale = generation.clone();
        let options =
            Options { readers: 2, clients: 4, on_foreign_commit: Arc::new(move || stale.advance()) };
        let db = Db::open(&location, options).expect("the lab's database");
        db.migrate(schema::MIGRATIONS, schema::SEQS, START).expect("the schema");
        let store = Store::new(
            db,
            Clock::Fixed(clock.clone()),
            Chance::seeded(SEED),
            Addresses::default(),
            generation,
            Arc::new(NobodyWaits),
        );
        portals::found(&store).expect("the founding");
        let contents = tempfile::tempdir().expect("a temporary folder");
        let blobs = Blobs::open(&blob::Location::Folder(contents.path().to_owned())).expect("the contents");
        let post = Post::caught(mail::sender("enfilade@example.org").expect("a sender"));
        let means = Means { blobs, post };
        Self { store, engine, means, clock, _ground: ground, _contents: contents }
    }

    /// Moves the clock.
    pub fn advance(&self, micros: i64) {
        self.clock.fetch_add(micros, Ordering::Relaxed);
    }

    /// The time on the clock.
    pub fn now(&self) -> Timestamp {
        self.store.now()
    }

    /// The portal, as it is now.
    #[expect(clippy::expect_used, reason = "a founded lab has one")]
    pub fn portal(&self) -> Arc<Portal> {
        self.store.read_blocking(portals::first).expect("the portal")
    }

    /// Makes the owner, `owner@example.org`, with the password `secret12`.
    #[expect(clippy::expect_used, reason = "set-up in a fresh lab works")]
    pub fn set_up(&self) -> Person {
        let portal = self.portal();
        let salt = self.store.read_blocking(portals::installation).expect("the salt").password_salt;
        let client_hash = password::client_hash("secret12", &salt);
        let owner = NewOwner {
            email: "owner@example.org".into(),
            name: Some("Olive Owner".into()),
            password_hash: password::stored_hash(&client_hash, &[1; 16]).expect("a hash"),
            culture: None,
            time_zone: None,
        };
        self.write(&Call::system(portal.clone()), move |tx| portals::set_up(tx, &portal, &owner))
            .expect("the owner")
    }

    /// The owner's account, once it is set up.
    #[expect(clippy::expect_used, reason = "a test that has no owner fails")]
    pub fn portal_owner(&self) -> Person {
        let portal = self.portal();
        let found = self.read(move |conn| people::find(conn, &portal, portal.owner));
        found.ok().flatten().expect("the owner")
    }

    /// Founds another portal of this alias, whose owner is `owner@example.org` with the password `secret12`.
    #[expect(clippy::expect_used, reason = "tests found no portal twice")]
    pub fn found(&self, alias: &str) -> (Arc<Portal>, Person) {
        let salt = self.store.read_blocking(portals::installation).expect("the salt").password_salt;
        let client_hash = password::client_hash("secret12", &salt);
        let founder = Founder {
            email: "owner@example.org".into(),
            first_name: "Olive".into(),
            last_name: "Owner".into(),
            password_hash: Some(password::stored_hash(&client_hash, &[1; 16]).expect("a hash")),
            activation_status: people::ACTIVATED,
        };
        let new = NewPortal { alias: alias.to_owned(), ..NewPortal::default() };
        self.store.found_blocking(move |tx| portals::register(tx, &new, &founder)).expect("the portal")
    }

    /// Deletes a portal; what it held is removed by [`Lab::drain_jobs`].
    pub fn delete_portal(&self, portal: &Arc<Portal>) -> Result<()> {
        let place = portal.clone();
        self.write(&Call::system(portal.clone()), move |tx| portals::delete(tx, &place))
    }

    /// A call by a person of another portal.
    pub fn call_in(&self, portal: &Arc<Portal>, person: &Person) -> Call {
        Call { portal: portal.clone(), ..self.call(person) }
    }

    /// Makes an account that can't sign in, `NAME@example.org`.
    #[expect(clippy::expect_used, reason = "tests name no account twice")]
    pub fn person(&self, kind: UserKind, name: &str) -> Person {
        let portal = self.portal();
        let new = NewPerson {
            id: None,
            kind,
            email: format!("{name}@example.org"),
            first_name: name.to_owned(),
            last_name: "Tester".to_owned(),
            password_hash: None,
            status: people::ACTIVE,
            activation_status: people::ACTIVATED,
            created_by: None,
            culture: None,
        };
        self.write(&Call::system(portal.clone()), move |tx| people::create(tx, &portal, &new))
            .expect("the account")
    }

    /// A call by this person.
    pub fn call(&self, person: &Person) -> Call {
        let caller = Caller::Person(Arc::new(person.clone()));
        Call {
            portal: self.portal(),
            caller,
            via: Via::System,
            client: Client { ip: "127.0.0.1".into(), user_agent: "lab".into() },
            confirmed: None,
        }
    }

    /// Runs a write unit.
    pub fn write<T: Send + 'static>(
        &self,
        call: &Call,
        unit: impl Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.store.write_blocking(call.clone(), unit)
    }

    /// Runs a read unit.
    pub fn read<T: Send + 'static>(
        &self,
        unit: impl Fn(&mut Conn) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.store.read_blocking(unit)
    }

    /// Runs every job that is due.
    pub fn drain_jobs(&self) -> Result<()> {
        jobs::drain(&self.store, &self.means)
    }

    /// Every letter so far, in the order in which they were sent.
    #[expect(clippy::expect_used, reason = "a lab catches every letter")]
    pub fn letters(&self) -> Vec<Letter> {
        self.drain_jobs().expect("the letters");
        self.means.post.letters()
    }
}

#[expect(clippy::expect_used, reason = "a test that has no ground fails")]
fn break_ground(engine: Engine) -> (Location, Ground) {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    match engine {
        Engine::Sqlite => {
            let folder = tempfile::tempdir().expect("a temporary folder");
            (Location::Sqlite(folder.path().join("lab.db")), Ground::Folder(folder))
        }
        Engine::Postgres => {
            let address = std::env::var(POSTGRES)
                .expect("ENFILADE_TEST_POSTGRES: run the tests by `make test`, or below tests/with-postgres");
            let name = format!("lab_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
            on_own_thread(address.clone(), format!("create schema {name}"));
            let join = if address.contains('?') { '&' } else { '?' };
            let own = format!("{address}{join}options=-c%20search_path%3D{name}");
            (Location::Postgres(own), Ground::Schema { address, name })
        }
    }
}
