//! `enfilade serve`.

use std::net::SocketAddr;

use anyhow::{Context, Result};
use api::App;
use blob::Blobs;
use clap::Args;
use domain::{Call, portals};
use jobs::{Means, Worker};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

use crate::config::{Config, program};
use crate::installation::{Upgrade, lock, open_with};

#[derive(Debug, Args)]
pub(super) struct Flags {
    /// The address to listen on; port 0 takes a free one [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR:PORT")]
    pub(super) listen: Option<SocketAddr>,
}

pub(super) fn run(config: &Config) -> Result<()> {
    start_log(config)?;
    let _lock = lock(config)?;
    let means = Means { blobs: Blobs::open(&config.blobs)?, post: config.post()? };
    let (bell, ear) = jobs::bell();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    // Bound before anything is opened, as links in letters name the port. Whoever connects now waits a moment.
    let listener = runtime.block_on(bind(config))?;
    let address = listener.local_addr()?;
    let store = open_with(config, Upgrade::Yes, address.port(), bell.clone())?;
    let settings = api::Settings {
        trusted_proxies: config.trusted_proxies.clone(),
        resolve_by_origin: config.resolve_by_origin,
        registration: config.registration,
        machine_key: config.machine_key.clone(),
        test_emails: config.test_emails.clone(),
        limits: config.limits,
        invitations: config.invitations,
        allow_private: config.allow_private,
    };
    let app = App::new(store.clone(), means.blobs.clone(), settings)?;
    let token = new_setup_token(&store)?;
    let uses = app.clone();
    let worker = Worker::start(store, means, ear, vec![Box::new(move || uses.write_uses())])?;
    let served = runtime.block_on(listen(config, listener, app, token.as_deref()));
    drop(runtime);
    worker.stop(&bell);
    served
}

/// Logs go to standard error; what a person at the terminal needs goes to standard output.
fn start_log(config: &Config) -> Result<()> {
    let filter = EnvFilter::try_new(&config.log_filter)
        .with_context(|| format!("log.filter is {:?}", config.log_filter))?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if config.log_json {
        log.json().flatten_event(true).init();
    } else {
        log.with_ansi(false).init();
    }
    Ok(())
}

/// The token of this start, while nobody owns the first portal (deviations.md 25).
fn new_setup_token(store: &domain::Store) -> Result<Option<String>> {
    let call = Call::system(store.read_blocking(portals::first)?);
    let portal = call.portal.id;
    store.write_blocking(call, move |tx| portals::new_setup_token(tx, portal)).map_err(Into::into)
}

async fn bind(config: &Config) -> Result<TcpListener> {
    TcpListener::bind(config.listen).await.with_context(|| format!("the address {}", config.listen))
}

async fn listen(config: &Config, listener: TcpListener, app: App, token: Option<&str>) -> Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    greet(config, listener.local_addr()?, token);
    let stop = async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping: requests under way are finished");
    };
    api::serve(listener, api::table().service_with(app, web::respond), stop).await;
    Ok(())
}

fn greet(config: &Config, address: SocketAddr, token: Option<&str>) {
    let url = config.public_url.clone().unwrap_or_else(|| format!("http://{address}"));
    let url = url.trim_end_matches('/');
    println!("Enfilade is listening on http://{address}");
    if !web::is_built() {
        println!("{}", web::NOT_BUILT);
    }
    if let Some(token) = token {
        // The token stands in the fragment, which browsers keep to themselves.
        println!("There is no owner yet. Set up in the browser:  {url}/setup#token={token}");
        let (program, flags) = (program(), config.flags());
        println!("or on the command line:");
        println!(
            r#"  read -rs P; printf %s "$P" | {program} setup{flags} --email you@example.org --password-stdin"#
        );
    }
}
