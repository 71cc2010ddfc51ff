//! Worlds to measure in: an installation with so many rooms, made through the domain before the server starts.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, anyhow};
use db::{Db, Location, Options};
use domain::call::{Caller, Client, Via};
use domain::keys::{self, NewKey};
use domain::people::{self, NewPerson, Person, UserKind, password};
use domain::portals::{self, Addresses, NewOwner, Portal};
use domain::rooms::{self, NewRoom, QUOTA_DEFAULT, RoomKind, Title};
use domain::store::{Chance, Generation, NobodyWaits, Store};
use domain::time::Clock;
use domain::{Call, schema};
use postgres::{Client as Postgres, NoTls};

/// Rooms of each person who makes rooms; the member is the first of them.
pub(crate) const ROOMS_EACH: usize = 1000;
/// Rooms made in one transaction.
const UNIT: usize = 500;
/// Tags there are; every other room has one.
const TAGS: usize = 20;
/// The owner's login.
pub(crate) const OWNER: &str = "owner@example.org";

/// A seeded installation, whose server is not running.
pub(crate) struct World {
    /// The data folder.
    pub(crate) data: PathBuf,
    /// The database's address, if it is no file in the data folder.
    pub(crate) postgres: Option<String>,
    /// Removes the schema in PostgreSQL.
    _schema: Option<Schema>,
    /// A key of the owner, who sees every room.
    pub(crate) owner: Arc<str>,
    /// A key of a person who has [`ROOMS_EACH`] rooms.
    pub(crate) member: Arc<str>,
    /// A key of a person who has none yet.
    pub(crate) maker: Arc<str>,
    /// The member's rooms.
    pub(crate) member_rooms: Vec<i64>,
    /// The hash with which the owner signs in.
    pub(crate) owner_hash: String,
}

impl World {
    /// Seeds one in a folder, or in a new schema of a PostgreSQL database.
    pub(crate) fn seed(data: &Path, postgres: Option<&str>, rooms: usize) -> Result<Self> {
        std::fs::create_dir_all(data)?;
        let schema = postgres.map(|url| Schema::create(url, data)).transpose()?;
        let location = schema.as_ref().map_or_else(
            || Location::Sqlite(data.join("enfilade.db")),
            |schema| Location::Postgres(schema.url.clone()),
        );
        let seeder = Seeder::found(&location)?;
        let (owner, owner_hash) = seeder.set_up()?;
        let count = rooms.div_ceil(ROOMS_EACH).max(1);
        let people =
            (0..count).map(|number| seeder.person(&format!("member{number}"))).collect::<Result<Vec<_>>>()?;
        let maker = seeder.person("maker")?;
        let member = seeder.key(people.first().context("nobody")?)?;
        Ok(Self {
            data: data.to_owned(),
            postgres: schema.as_ref().map(|schema| schema.url.clone()),
            _schema: schema,
            owner: seeder.key(&owner)?,
            member,
            maker: seeder.key(&maker)?,
            member_rooms: seeder.rooms(&people, rooms)?,
            owner_hash,
        })
    }
}

struct Seeder {
    store: Store,
    portal: Arc<Portal>,
}

impl Seeder {
    fn found(location: &Location) -> Result<Self> {
        let db = Db::open(location, Options::default())?;
        let store = Store::new(
            db,
            Clock::System,
            Chance::System,
            Addresses::default(),
            Generation::default(),
            Arc::new(NobodyWaits),
        );
        store.db().migrate(schema::MIGRATIONS, schema::SEQS, store.now().0)?;
        portals::found(&store).map_err(fail)?;
        let portal = store.read_blocking(portals::first).map_err(fail)?;
        Ok(Self { store, portal })
    }

    fn write<T: Send + 'static>(
        &self,
        unit: impl Fn(&mut domain::Tx<'_>, &Portal) -> domain::Result<T> + Send + 'static,
    ) -> Result<T> {
        let portal = self.portal.clone();
        let call = Call::system(portal.clone());
        self.store.write_blocking(call, move |tx| unit(tx, &portal)).map_err(fail)
    }

    fn set_up(&self) -> Result<(Person, String)> {
        let salt = self.store.read_blocking(portals::installation).map_err(fail)?.password_salt;
        let hash = password::client_hash("secret12", &salt);
        let owner = NewOwner {
            email: OWNER.to_owned(),
            name: Some("Olive Owner".to_owned()),
            password_hash: password::stored_hash(&hash, &[1; 16]).map_err(fail)?,
            culture: None,
            time_zone: None,
        };
        Ok((self.write(move |tx, portal| portals::set_up(tx, portal, &owner))?, hash))
    }

    fn person(&self, name: &str) -> Result<Person> {
        let new = NewPerson {
            id: None,
            kind: UserKind::RoomAdmin,
            email: format!("{name}@example.org"),
            first_name: name.to_owned(),
            last_name: "Bench".to_owned(),
            password_hash: None,
            status: people::ACTIVE,
            activation_status: people::ACTIVATED,
            created_by: None,
            culture: None,
        };
        self.write(move |tx, portal| people::create(tx, portal, &new))
    }

    fn key(&self, person: &Person) -> Result<Arc<str>> {
        let new = NewKey { name: "bench".to_owned(), permissions: Vec::new(), expires_in_days: None };
        let person = person.id;
        let made = self.write(move |tx, portal| keys::create_for(tx, portal.id, person, &new))?;
        Ok(made.text.into())
    }

    /// Makes the rooms, everybody's in turn, so that a person's rooms lie among all the others'. Says which are the
    /// first person's.
    fn rooms(&self, people: &[Person], count: usize) -> Result<Vec<i64>> {
        let calls: Arc<[Call]> = people.iter().map(|person| self.call(person)).collect();
        let mut firsts = Vec::new();
        for start in (0..count).step_by(UNIT) {
            let (calls, numbers) = (calls.clone(), start..count.min(start + UNIT));
            firsts.extend(self.write(move |tx, _| {
                let mut firsts = Vec::new();
                for number in numbers.clone() {
                    let call = &calls[number % calls.len()];
                    let view = rooms::create(tx, call, &new_room(number)?)?;
                    if number % calls.len() == 0 {
                        firsts.push(view.seen.room.id.0);
                    }
                }
                Ok(firsts)
            })?);
        }
        Ok(firsts)
    }

    fn call(&self, person: &Person) -> Call {
        Call {
            portal: self.portal.clone(),
            caller: Caller::Person(Arc::new(person.clone())),
            via: Via::System,
            client: Client { ip: "127.0.0.1".into(), user_agent: "bench".into() },
            confirmed: None,
        }
    }
}

fn new_room(number: usize) -> domain::Result<NewRoom> {
    Ok(NewRoom {
        title: Title::parse(&format!("Project {number:06}: plans and papers"))?,
        kind: RoomKind::Editing,
        description: "Everything that belongs to the project".to_owned(),
        color: None,
        cover: None,
        indexing: false,
        deny_download: false,
        quota: QUOTA_DEFAULT,
        lifetime: None,
        watermark: None,
        chat: None,
        tags: if number.is_multiple_of(2) { vec![format!("Team {}", number / 2 % TAGS)] } else { Vec::new() },
        save_form_as_xlsx: false,
        send_form_to_external_db: false,
    })
}

fn fail(problem: domain::Problem) -> anyhow::Error {
    anyhow!("{problem}")
}

/// A schema of our own in somebody's database.
struct Schema {
    address: String,
    name: String,
    /// The address with which a client works in it.
    url: String,
}

impl Schema {
    fn create(address: &str, data: &Path) -> Result<Self> {
        let world = data.file_name().context("a folder without name")?.to_string_lossy();
        let name = format!("enfilade_bench_{}_{world}", std::process::id());
        Postgres::connect(address, NoTls)?.batch_execute(&format!("create schema {name}"))?;
        let join = if address.contains('?') { '&' } else { '?' };
        let url = format!("{address}{join}options=-c%20search_path%3D{name}");
        Ok(Self { address: address.to_owned(), name, url })
    }
}

impl Drop for Schema {
    fn drop(&mut self) {
        let dropped = Postgres::connect(&self.address, NoTls)
            .and_then(|mut client| client.batch_execute(&format!("drop schema {} cascade", self.name)));
        if let Err(error) = dropped {
            eprintln!("the schema {} is still there: {error}", self.name);
        }
    }
}

/// Whether that PostgreSQL waits for its disk; without it a create is not durable and its figure means little.
pub(crate) fn postgres_syncs(address: &str) -> Result<bool> {
    let mut client = Postgres::connect(address, NoTls)?;
    let on = |row: postgres::Row| row.get::<_, String>(0) == "on";
    Ok(on(client.query_one("show fsync", &[])?) && on(client.query_one("show synchronous_commit", &[])?))
}
