//! The bare server everything is compared with: axum, one route, a reply of the size that is asked for. It runs as
//! a process of its own, like the subject: this program again, with an argument nobody else uses.

use std::process::Command;

use anyhow::{Context, Result};
use axum::Router;
use axum::extract::Path;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::any;
use axum::serve::ListenerExt as _;
use bytes::Bytes;
use tokio::net::TcpListener;

use crate::load::{Echo, Message};
use crate::subject::Server;

/// The argument that makes this program the bare server.
pub(crate) const ARGUMENT: &str = "--as-bare-server";
/// The largest reply there is.
const LARGEST: usize = 1 << 20;

/// Starts it.
pub(crate) fn start() -> Result<Server> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg(ARGUMENT);
    Server::start(command).context("the bare server")
}

/// The requests whose replies have these sizes, as the bare server knows them.
pub(crate) fn echo(replies: Vec<(Message, usize)>) -> Echo {
    Echo(
        replies
            .into_iter()
            .map(|(message, size)| Message { path: format!("/bytes/{size}"), ..message })
            .collect(),
    )
}

/// Is it.
pub(crate) fn serve() -> Result<()> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let content = Bytes::from(vec![b'x'; LARGEST]);
        let answer = move |Path(size): Path<usize>, _body: Bytes| async move {
            let body = content.slice(..size.min(LARGEST));
            ([(header::CONTENT_TYPE, "application/json; charset=utf-8")], body).into_response()
        };
        let health = || async { "well" };
        let router = Router::new().route("/bytes/{size}", any(answer)).route("/health", any(health));
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("The bare server is listening on http://{}", listener.local_addr()?);
        let listener = listener.tap_io(|stream| {
            // Without it a connection is slower, never wrong.
            let _ = stream.set_nodelay(true);
        });
        Ok(axum::serve(listener, router).await?)
    })
}
