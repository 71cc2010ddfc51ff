"""The "Manage rooms" example of DocSpace's documentation, in Python: a client of ours that sends exactly its requests,
with the same headers, bodies and absent bodies, and looks closely at every reply.

BASE_URL and API_KEY say where and as whom. The example's own steps 2 to 5 use a fixed id; here it is the id of the
room that step 1 made, or ROOM_ID.
"""

import os
import sys

import requests

BASE_URL = os.environ.get("BASE_URL")
API_KEY = os.environ.get("API_KEY")
HEADERS = {"Authorization": f"Bearer {API_KEY}", "Content-Type": "application/json"}

TITLE = "New Room"
DESCRIPTION = "This is a test room."
NEW_TITLE = "Updated Room Name"
# The example asks for no room type, which makes a Custom room.
CUSTOM_ROOM = 5
MOVE, DELETE = 0, 2


class Mismatch(Exception):
    """What a reply should have said and did not."""


def expect(step, what, got, wanted):
    if got != wanted or type(got) is not type(wanted):
        raise Mismatch(f"{step}: {what} is {got!r}, not {wanted!r}")


def rooms(path=""):
    return f"{BASE_URL}/api/2.0/files/rooms{path}"


def succeed(step, reply):
    """What the reply's envelope holds, which must be that of a success."""
    if reply.status_code != 200:
        raise Mismatch(f"{step}: status {reply.status_code}: {reply.text}")
    envelope = reply.json()
    expect(step, "count in the envelope", envelope.get("count"), 1)
    expect(step, "status in the envelope", envelope.get("status"), 0)
    expect(step, "statusCode in the envelope", envelope.get("statusCode"), 200)
    expect(step, "the action of the link", envelope["links"][0]["action"], reply.request.method)
    return envelope["response"]


def check_room(step, room, title):
    expect(step, "the type of id", type(room["id"]), int)
    expect(step, "title", room["title"], title)
    expect(step, "roomType", room["roomType"], CUSTOM_ROOM)
    expect(step, "description", room.get("description"), DESCRIPTION)


def check_operation(step, operation, kind):
    expect(step, "the type of id", type(operation["id"]), str)
    expect(step, "Operation", operation["Operation"], kind)
    expect(step, "progress", operation["progress"], 100)
    expect(step, "finished", operation["finished"], True)
    expect(step, "error", operation["error"], "")


def main():
    data = {"title": TITLE, "description": DESCRIPTION}
    created = succeed("1 create", requests.post(rooms(), headers=HEADERS, json=data))
    check_room("1 create", created, TITLE)
    room_id = int(os.environ.get("ROOM_ID") or created["id"])

    details = succeed("2 get", requests.get(rooms(f"/{room_id}"), headers=HEADERS))
    expect("2 get", "id", details["id"], room_id)
    if room_id == created["id"]:
        check_room("2 get", details, TITLE)

    renamed = succeed("3 rename", requests.put(rooms(f"/{room_id}"), headers=HEADERS, json={"title": NEW_TITLE}))
    expect("3 rename", "id", renamed["id"], room_id)
    again = succeed("3 rename, read again", requests.get(rooms(f"/{room_id}"), headers=HEADERS))
    expect("3 rename, read again", "title", again["title"], NEW_TITLE)
    if room_id == created["id"]:
        check_room("3 rename, read again", again, NEW_TITLE)

    # Archive and delete go without a body, and say JSON all the same.
    operation = succeed("4 archive", requests.put(rooms(f"/{room_id}/archive"), headers=HEADERS))
    check_operation("4 archive", operation, MOVE)
    archived = succeed("4 archive, read again", requests.get(rooms(f"/{room_id}"), headers=HEADERS))
    expect("4 archive, read again", "rootFolderType (20 is the Archive)", archived["rootFolderType"], 20)

    operation = succeed("5 delete", requests.delete(rooms(f"/{room_id}"), headers=HEADERS))
    check_operation("5 delete", operation, DELETE)
    gone = requests.get(rooms(f"/{room_id}"), headers=HEADERS)
    expect("5 delete, read again", "the status", gone.status_code, 404)
    expect("5 delete, read again", "statusCode in the envelope", gone.json()["statusCode"], 404)
    expect("5 delete, read again", "the type of error.message", type(gone.json()["error"]["message"]), str)

    print(f"room {room_id} was created, read, renamed, archived and deleted")


if __name__ == "__main__":
    try:
        if not BASE_URL or not API_KEY:
            raise Mismatch("BASE_URL and API_KEY must be set")
        main()
    except Mismatch as mismatch:
        sys.exit(str(mismatch))
    except (KeyError, ValueError) as error:
        sys.exit(f"a reply is not of the expected shape: {error!r}")
    except requests.RequestException as error:
        sys.exit(f"the server gave no answer: {error}")
