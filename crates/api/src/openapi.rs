//! The API description: OpenAPI 3.1, assembled from the endpoint table and the types of its handlers.
//!
//! Operations and schemas bear the reference's names: `openapi_operations.tsv` is the list of its operations, with
//! the names of their replies.

use std::collections::HashMap;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

use crate::body::BodyDto;
use crate::params::Param;
use crate::routes::{Line, Routes};

const JSON: &str = "application/json";
const REFERENCE: &str = include_str!("openapi_operations.tsv");

/// An operation of the reference.
#[derive(Debug, Clone, Copy)]
pub struct Operation {
    /// Its tag.
    pub tag: &'static str,
    /// Its `operationId`.
    pub id: &'static str,
    /// Its method.
    pub method: &'static str,
    /// Its path.
    pub path: &'static str,
    /// The schema of its reply.
    pub response: &'static str,
}

/// Every operation of the reference.
pub fn reference() -> impl Iterator<Item = Operation> {
    REFERENCE.lines().filter(|line| !line.starts_with('#') && !line.starts_with("tag\t")).filter_map(|line| {
        let columns: Vec<&str> = line.split('\t').collect();
        match columns.as_slice() {
            [tag, _, id, method, path, _, _, _, response, ..] => {
                Some(Operation { tag, id, method, path, response })
            }
            _ => None,
        }
    })
}

/// One operation's description in the making.
#[derive(Debug)]
pub struct Sketch {
    generator: SchemaGenerator,
    parameters: Vec<Value>,
    body: Option<Value>,
    reply: Option<Value>,
    enveloped: bool,
    media: &'static str,
    empty: bool,
    refuses: bool,
}

impl Sketch {
    fn new(generator: SchemaGenerator) -> Self {
        Self {
            generator,
            parameters: Vec::new(),
            body: None,
            reply: None,
            enveloped: true,
            media: JSON,
            empty: false,
            refuses: false,
        }
    }

    pub(crate) fn query(&mut self, param: &Param) {
        let schema = match param.kind {
            "array" => json!({ "type": "array", "items": { "type": "integer" } }),
            kind => json!({ "type": kind }),
        };
        self.parameters
            .push(json!({ "name": param.name, "in": "query", "description": param.about, "schema": schema }));
    }

    pub(crate) fn body<T: BodyDto>(&mut self, required: bool) {
        let schema = self.generator.subschema_for::<T>();
        self.body =
            Some(json!({ "required": required, "content": { "application/json": { "schema": schema } } }));
    }

    /// A form with a file in it and these other fields.
    pub(crate) fn form(&mut self, file: &str, fields: &[&str]) {
        let mut members = json!({ file: { "type": "string", "format": "binary" } });
        fields.iter().for_each(|field| members[field] = json!({ "type": "string" }));
        let schema = json!({ "type": "object", "properties": members });
        self.body =
            Some(json!({ "required": true, "content": { "multipart/form-data": { "schema": schema } } }));
    }

    pub(crate) fn picture(&mut self) {
        self.reply = Some(json!({ "type": "string", "format": "binary" }));
        self.enveloped = false;
        self.media = "image/*";
    }

    pub(crate) fn reply<T: JsonSchema>(&mut self) {
        self.reply = Some(self.generator.subschema_for::<T>().into());
    }

    pub(crate) fn bare_reply<T: JsonSchema>(&mut self) {
        self.reply::<T>();
        self.enveloped = false;
    }
}

impl Sketch {
    pub(crate) fn no_content(&mut self) {
        self.enveloped = false;
        self.empty = true;
    }

    /// The operation never succeeds.
    pub(crate) fn refuses(&mut self) {
        self.enveloped = false;
        self.refuses = true;
    }
}

/// The whole description.
pub fn document(table: &Routes) -> Value {
    let known: HashMap<(&str, &str), Operation> =
        reference().map(|operation| ((operation.method, operation.path), operation)).collect();
    let mut generator = SchemaSettings::draft2020_12()
        .with(|settings| settings.definitions_path = "/components/schemas".into())
        .into_generator();
    let mut paths: Map<String, Value> = Map::new();
    let mut wrappers: Map<String, Value> = Map::new();
    for (line, describe) in table.sketches() {
        let mut sketch = Sketch::new(generator);
        describe(&mut sketch);
        let operation = known.get(&(line.method.as_str(), line.path));
        let described = describe_line(line, operation, &sketch, &mut wrappers);
        generator = sketch.generator;
        let path = paths.entry(line.path).or_insert_with(|| json!({}));
        path[line.method.as_str().to_lowercase()] = described;
    }
    let mut schemas = generator.take_definitions(true);
    schemas.extend(wrappers);
    schemas.extend(fixed_schemas());
    schemas.sort_keys();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Enfilade",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "A room server that speaks the ONLYOFFICE DocSpace API 2.0",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "apiKey": { "type": "http", "scheme": "bearer", "description": "An API key, sk-…, or a session's token" },
                "cookie": { "type": "apiKey", "in": "cookie", "name": crate::gate::COOKIE },
                "basic": { "type": "http", "scheme": "basic" },
            },
        },
    })
}

fn describe_line(
    line: &Line,
    operation: Option<&Operation>,
    sketch: &Sketch,
    wrappers: &mut Map<String, Value>,
) -> Value {
    let id = operation.map_or_else(|| line.name.replace('.', "_"), |operation| operation.id.to_owned());
    let reply = sketch.reply.clone().unwrap_or_else(|| json!({}));
    let reply = if sketch.enveloped {
        let name = operation.map(|operation| operation.response).filter(|name| !name.is_empty());
        let name = name.map_or_else(|| format!("{id}_wrapper"), str::to_owned);
        wrappers.entry(name.clone()).or_insert_with(|| envelope(reply));
        json!({ "$ref": format!("#/components/schemas/{name}") })
    } else {
        reply
    };
    let mut parameters: Vec<Value> = path_parameters(line.path).collect();
    parameters.extend(sketch.parameters.iter().cloned());
    let refusal = json!({ "description": "Refused: the sentence says why", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/ErrorApiResponse" } } } });
    let success = if sketch.refuses {
        json!({})
    } else if sketch.empty {
        json!({ "204": { "description": line.about } })
    } else {
        json!({ "200": { "description": line.about, "content": { sketch.media: { "schema": reply } } } })
    };
    let mut described = json!({
        "operationId": id,
        "tags": [line.tag],
        "summary": line.about,
        "parameters": parameters,
        "responses": success,
        "security": if line.need.wants_account() { json!([{ "apiKey": [] }, { "cookie": [] }, { "basic": [] }]) } else { json!([]) },
        "x-need": format!("{:?}", line.need),
        "x-scopes": line.scope.accepted().iter().map(|permission| permission.text()).collect::<Vec<_>>(),
    });
    described["responses"]["default"] = refusal;
    if let Some(body) = &sketch.body {
        described["requestBody"] = body.clone();
    }
    described
}

fn path_parameters(path: &str) -> impl Iterator<Item = Value> {
    // Groups of people and modules have guids; all else that is called `id` in a path is a number.
    let is_guid =
        ["/api/2.0/group/", "/api/2.0/settings/security/", "/api/2.0/settings/statistics/spaceusage/"]
            .iter()
            .any(|of_guids| path.starts_with(of_guids));
    path.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}')).map(move |name| {
        let schema = if name == "id" && !is_guid {
            json!({ "type": "integer", "format": "int32", "minimum": 1 })
        } else {
            json!({ "type": "string" })
        };
        json!({ "name": name, "in": "path", "required": true, "schema": schema })
    })
}

fn envelope(response: Value) -> Value {
    json!({
        "type": "object",
        "properties": {
            "response": response,
            "count": { "type": "integer" },
            "total": { "type": "integer" },
            "links": { "type": "array", "items": { "type": "object", "properties": { "href": { "type": "string" }, "action": { "type": "string" } } } },
            "status": { "type": "integer" },
            "statusCode": { "type": "integer" },
        },
    })
}

fn fixed_schemas() -> Map<String, Value> {
    let error = json!({
        "type": "object",
        "properties": {
            "message": { "type": "string" },
            "type": { "type": "string" },
            "stack": { "type": "string" },
            "hresult": { "type": "integer" },
            "code": { "type": "string", "description": "Enfilade's own stable code" },
        },
    });
    let envelope = json!({
        "type": "object",
        "properties": { "error": error, "status": { "type": "integer" }, "statusCode": { "type": "integer" } },
    });
    Map::from_iter([("ErrorApiResponse".to_owned(), envelope)])
}
