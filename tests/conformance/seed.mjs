// The "Manage rooms" example of DocSpace's documentation, in Node.js: a client of ours that sends exactly its requests,
// with the same headers, bodies and absent bodies, and looks closely at every reply.
//
// BASE_URL and API_KEY say where and as whom. The example's own steps 2 to 5 use a fixed id; here it is the id of the
// room that step 1 made, or ROOM_ID.

const BASE_URL = process.env.BASE_URL;
const API_KEY = process.env.API_KEY;
const HEADERS = {
  Authorization: `Bearer ${API_KEY}`,
  'Content-Type': 'application/json',
};

const TITLE = 'New Room';
const DESCRIPTION = 'This is a test room.';
const NEW_TITLE = 'Updated Room Name';
const COLLABORATION_ROOM = 2;
const MOVE = 0;
const DELETE = 2;

class Mismatch extends Error {}

function expect(step, what, got, wanted) {
  if (got !== wanted) {
    throw new Mismatch(`${step}: ${what} is ${JSON.stringify(got)}, not ${JSON.stringify(wanted)}`);
  }
}

async function call(step, method, path, body) {
  const request = { method, headers: HEADERS };
  // The example leaves the body out altogether on archive and delete, and says JSON all the same.
  if (body !== undefined) request.body = JSON.stringify(body);
  const reply = await fetch(`${BASE_URL}/api/2.0/files/rooms${path}`, request);
  const text = await reply.text();
  const json = parse(step, reply, text);
  // The example asks `res.ok`; the API's successes are all 200.
  if (reply.ok) expect(step, 'the status', reply.status, 200);
  expect(step, 'statusCode in the envelope', json.statusCode, reply.status);
  return { ok: reply.ok, status: reply.status, text, json, response: json.response };
}

function parse(step, reply, text) {
  const type = reply.headers.get('content-type') ?? '';
  if (!type.startsWith('application/json')) {
    throw new Mismatch(`${step}: the content type is ${JSON.stringify(type)}, with status ${reply.status}: ${text}`);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new Mismatch(`${step}: the reply is no JSON, with status ${reply.status}: ${text}`);
  }
}

async function succeed(step, method, path, body) {
  const reply = await call(step, method, path, body);
  if (!reply.ok) throw new Mismatch(`${step}: status ${reply.status}: ${reply.text}`);
  expect(step, 'count in the envelope', reply.json.count, 1);
  expect(step, 'status in the envelope', reply.json.status, 0);
  expect(step, 'the action of the link', reply.json.links?.[0]?.action, method);
  return reply.response;
}

function checkRoom(step, room, title) {
  expect(step, 'the id is an integer', Number.isInteger(room.id), true);
  expect(step, 'title', room.title, title);
  expect(step, 'roomType', room.roomType, COLLABORATION_ROOM);
  expect(step, 'description', room.description, DESCRIPTION);
}

function checkOperation(step, operation, kind) {
  expect(step, 'the type of id', typeof operation.id, 'string');
  expect(step, 'Operation', operation.Operation, kind);
  expect(step, 'progress', operation.progress, 100);
  expect(step, 'finished', operation.finished, true);
  expect(step, 'error', operation.error, '');
}

async function main() {
  const created = await succeed('1 create', 'POST', '', {
    title: TITLE,
    description: DESCRIPTION,
    roomType: COLLABORATION_ROOM,
  });
  checkRoom('1 create', created, TITLE);
  const id = process.env.ROOM_ID ? Number(process.env.ROOM_ID) : created.id;

  const details = await succeed('2 get', 'GET', `/${id}`);
  expect('2 get', 'id', details.id, id);
  if (id === created.id) checkRoom('2 get', details, TITLE);

  const renamed = await succeed('3 rename', 'PUT', `/${id}`, { title: NEW_TITLE });
  expect('3 rename', 'id', renamed.id, id);
  const again = await succeed('3 rename, read again', 'GET', `/${id}`);
  expect('3 rename, read again', 'title', again.title, NEW_TITLE);
  if (id === created.id) checkRoom('3 rename, read again', again, NEW_TITLE);

  checkOperation('4 archive', await succeed('4 archive', 'PUT', `/${id}/archive`), MOVE);
  const archived = await succeed('4 archive, read again', 'GET', `/${id}`);
  expect('4 archive, read again', 'rootFolderType (20 is the Archive)', archived.rootFolderType, 20);

  checkOperation('5 delete', await succeed('5 delete', 'DELETE', `/${id}`), DELETE);
  const gone = await call('5 delete, read again', 'GET', `/${id}`);
  expect('5 delete, read again', 'the status', gone.status, 404);
  expect('5 delete, read again', 'the type of error.message', typeof gone.json.error?.message, 'string');

  console.log(`room ${id} was created, read, renamed, archived and deleted`);
}

try {
  if (!BASE_URL || !API_KEY) throw new Mismatch('BASE_URL and API_KEY must be set');
  await main();
} catch (error) {
  console.error(error instanceof Mismatch ? error.message : error);
  process.exitCode = 1;
}
