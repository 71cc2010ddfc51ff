//! The little of HTTP that these tests speak themselves.

use std::time::Duration;

use serde_json::Value;
use ureq::Agent;
use ureq::http::Response;

/// A reply, whatever its status.
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Null when the reply is no JSON.
    pub(crate) body: Value,
}

impl Answer {
    fn read(mut response: Response<ureq::Body>) -> Result<Self, ureq::Error> {
        let text = response.body_mut().read_to_string()?;
        Ok(Self { status: response.status().as_u16(), body: serde_json::from_str(&text).unwrap_or_default() })
    }
}

/// One caller with one key, who keeps his connections. Paths are under `/api/2.0`.
pub(crate) struct Client {
    agent: Agent,
    base: String,
    authorization: String,
}

impl Client {
    pub(crate) fn new(url: &str, key: &str) -> Self {
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .proxy(None)
            .timeout_global(Some(Duration::from_secs(30)))
            .build()
            .new_agent();
        Self { agent, base: format!("{url}/api/2.0"), authorization: format!("Bearer {key}") }
    }

    /// Fails when no whole reply came.
    pub(crate) fn get(&self, path: &str) -> Result<Answer, ureq::Error> {
        let request = self.agent.get(format!("{}{path}", self.base));
        Answer::read(request.header("Authorization", &self.authorization).call()?)
    }

    /// Fails when no whole reply came.
    pub(crate) fn post(&self, path: &str, body: &Value) -> Result<Answer, ureq::Error> {
        let request = self.agent.post(format!("{}{path}", self.base));
        Answer::read(request.header("Authorization", &self.authorization).send_json(body)?)
    }
}
