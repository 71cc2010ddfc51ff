//! The listener: connections in, until it is told to stop.

use std::convert::Infallible;
use std::future::Future;
use std::time::Duration;

use axum::body::Body as HttpBody;
use axum::extract::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tower::{Service, ServiceExt};

use crate::exchange::Peer;

/// How long a client may take over the head of a request, and an idle connection may stay open.
const HEADER_TIMEOUT: Duration = Duration::from_mins(1);
/// How long requests under way may take to finish at a shutdown.
const GRACE: Duration = Duration::from_secs(10);
/// How long to wait when the system has no socket to give.
const BREATH: Duration = Duration::from_millis(50);

/// Serves connections until `stop` is ready. Then the port closes at once, idle connections with it, and requests
/// under way are finished.
pub async fn serve<S>(listener: TcpListener, service: S, stop: impl Future<Output = ()>)
where
    S: Service<Request, Response = Response, Error = Infallible, Future: Send> + Clone + Send + 'static,
{
    let connections = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        match accepted {
            Ok((stream, peer)) => connect(stream, Peer(peer), service.clone(), &connections),
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(BREATH).await;
            }
        }
    }
    drop(listener);
    if tokio::time::timeout(GRACE, connections.shutdown()).await.is_err() {
        tracing::warn!("some requests did not finish in time and were cut off");
    }
}

fn connect<S>(stream: TcpStream, peer: Peer, service: S, connections: &GracefulShutdown)
where
    S: Service<Request, Response = Response, Error = Infallible, Future: Send> + Clone + Send + 'static,
{
    // Without it small replies wait for the client's acknowledgement.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a socket refused TCP_NODELAY");
    }
    let answer = hyper::service::service_fn(move |request: hyper::Request<Incoming>| {
        let mut request = request.map(HttpBody::new);
        request.extensions_mut().insert(peer);
        service.clone().oneshot(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .serve_connection(TokioIo::new(stream), answer);
    let watcher = connections.watcher();
    tokio::spawn(async move {
        if let Err(error) = watcher.watch(connection).await {
            tracing::debug!(%error, "a connection ended early");
        }
    });
}
