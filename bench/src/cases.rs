//! What is measured: the requests of each case.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;
use serde::Deserialize;

use crate::load::{Dice, Message, Script};

const ROOMS: &str = "/api/2.0/files/rooms";

/// Creates rooms.
#[derive(Debug)]
pub(crate) struct Create {
    pub(crate) key: Arc<str>,
    /// Where the ids of the new rooms go, if anybody wants them.
    pub(crate) stock: Option<Arc<Stock>>,
    count: AtomicU64,
}

impl Create {
    pub(crate) fn new(key: &Arc<str>, stock: Option<Arc<Stock>>) -> Self {
        Self { key: key.clone(), stock, count: AtomicU64::new(0) }
    }
}

impl Script for Create {
    fn turn(&self, _: &mut Dice) -> Vec<Message> {
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        let body =
            format!(r#"{{"title":"A new room {number}","description":"Made by the bench","roomType":2}}"#);
        vec![Message { method: "POST", path: ROOMS.to_owned(), key: self.key.clone(), body }]
    }

    fn hear(&self, body: &[u8]) -> Result<()> {
        if let Some(stock) = &self.stock {
            stock.put(serde_json::from_slice::<Created>(body)?.response.id);
        }
        Ok(())
    }
}

#[derive(Deserialize)]
struct Created {
    response: Id,
}

#[derive(Deserialize)]
struct Id {
    id: i64,
}

/// Rooms that wait to be deleted.
#[derive(Debug, Default)]
pub(crate) struct Stock(Mutex<Vec<i64>>);

impl Stock {
    fn put(&self, id: i64) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(id);
    }

    fn take(&self) -> Option<i64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

/// Gets one room after the other.
#[derive(Debug)]
pub(crate) struct Get {
    pub(crate) key: Arc<str>,
    pub(crate) rooms: Arc<[i64]>,
}

impl Script for Get {
    fn turn(&self, dice: &mut Dice) -> Vec<Message> {
        let path = format!("{ROOMS}/{}", dice.pick(&self.rooms));
        vec![Message { method: "GET", path, key: self.key.clone(), body: String::new() }]
    }
}

/// Renames rooms.
#[derive(Debug)]
pub(crate) struct Rename {
    pub(crate) key: Arc<str>,
    pub(crate) rooms: Arc<[i64]>,
}

impl Script for Rename {
    fn turn(&self, dice: &mut Dice) -> Vec<Message> {
        let path = format!("{ROOMS}/{}", dice.pick(&self.rooms));
        let body = format!(r#"{{"title":"A room renamed {}"}}"#, dice.roll() % 1_000_000);
        vec![Message { method: "PUT", path, key: self.key.clone(), body }]
    }
}

/// Lists the first 25 rooms.
#[derive(Debug)]
pub(crate) struct List {
    pub(crate) key: Arc<str>,
}

impl Script for List {
    fn turn(&self, _: &mut Dice) -> Vec<Message> {
        let path = format!("{ROOMS}?count=25");
        vec![Message { method: "GET", path, key: self.key.clone(), body: String::new() }]
    }
}

/// Archives a room and deletes it.
#[derive(Debug)]
pub(crate) struct Remove {
    pub(crate) key: Arc<str>,
    pub(crate) stock: Arc<Stock>,
}

impl Script for Remove {
    fn turn(&self, _: &mut Dice) -> Vec<Message> {
        let Some(id) = self.stock.take() else { return Vec::new() };
        let message = |method, path| {
            let body = r#"{"deleteAfter":true}"#.to_owned();
            Message { method, path, key: self.key.clone(), body }
        };
        vec![message("PUT", format!("{ROOMS}/{id}/archive")), message("DELETE", format!("{ROOMS}/{id}"))]
    }
}

/// Signs in.
#[derive(Debug)]
pub(crate) struct SignIn {
    pub(crate) login: &'static str,
    pub(crate) hash: String,
}

impl Script for SignIn {
    fn turn(&self, _: &mut Dice) -> Vec<Message> {
        let body = format!(r#"{{"userName":"{}","passwordHash":"{}"}}"#, self.login, self.hash);
        vec![Message { method: "POST", path: "/api/2.0/authentication".into(), key: "".into(), body }]
    }
}
