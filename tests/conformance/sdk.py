"""The official Python client against us: what it calls must answer, parse in its models and be true."""

import hashlib
import json
import uuid

from official import API_KEY, BASE_URL, EMAIL, NEVER_EXISTED, PASSWORD, expect, refused, response, run

import docspace_api_sdk as sdk
from docspace_api_sdk import models
from docspace_api_sdk.exceptions import ForbiddenException, NotFoundException, UnauthorizedException

PERMISSIONS = {
    "*", "*:read", "*:write", "accounts:read", "accounts:write", "accounts.self:read", "accounts.self:write",
    "files:read", "files:write", "rooms:read", "rooms:write",
}


class Portal:
    """The client's API classes, signed in by one token, or by none."""

    def __init__(self, token=None):
        # The client leaves the token of its configuration out of every call that may be anonymous, such as reading a
        # room, so it has to be a header of all calls.
        http = sdk.ApiClient(sdk.Configuration(host=BASE_URL))
        if token:
            http.set_default_header("Authorization", f"Bearer {token}")
        self.authentication = sdk.AuthenticationApi(http)
        self.capabilities = sdk.CapabilitiesApi(http)
        self.keys = sdk.ApiKeysApi(http)
        self.operations = sdk.OperationsApi(http)
        self.profiles = sdk.ProfilesApi(http)
        self.rooms = sdk.RoomsApi(http)
        self.settings = sdk.CommonSettingsApi(http)


def anonymous():
    portal = Portal()
    expect("signed in", response(portal.authentication.get_is_authentificated()), False)

    capabilities = response(portal.capabilities.get_portal_capabilities())
    expect("the type of providers", type(capabilities.providers), list)
    expect("ldapEnabled", capabilities.ldap_enabled, False)
    expect("ssoUrl", capabilities.sso_url, "")

    settings = response(portal.settings.get_portal_settings())
    expect("docSpace", settings.doc_space, True)
    expect("standalone", settings.standalone, True)
    expect("tenantStatus", settings.tenant_status, models.TenantStatus.Active)
    expect("socketUrl", settings.socket_url, "/socket.io")
    expect("wizardToken, the set-up being done", settings.wizard_token, None)
    expect("passwordHash.size", settings.password_hash.size, 256)
    expect("passwordHash.iterations", settings.password_hash.iterations, 100_000)
    expect("the length of passwordHash.salt", len(settings.password_hash.salt), 64)

    refused(UnauthorizedException, portal.profiles.get_self_profile)
    refused(UnauthorizedException, portal.rooms.get_rooms_folder)
    expect("operations of nobody", response(portal.operations.get_operation_statuses(), count=0), [])


def sign_in():
    settings = response(Portal().settings.get_portal_settings(withpassword=True)).password_hash
    password_hash = hashlib.pbkdf2_hmac(
        "sha256", PASSWORD.encode(), settings.salt.encode(), settings.iterations, settings.size // 8
    ).hex()
    for secret in ({"password": PASSWORD}, {"password_hash": password_hash}):
        request = models.AuthRequestsDto(user_name=EMAIL, **secret)
        token = response(Portal().authentication.authenticate_me(request))
        expect("a second factor", (token.tfa, token.sms), (False, False))
        portal = Portal(token.token)
        expect("signed in", response(portal.authentication.get_is_authentificated()), True)
        expect("email", response(portal.profiles.get_self_profile()).email, EMAIL)
        portal.authentication.logout()

    wrong = models.AuthRequestsDto(user_name=EMAIL, password="not-the-password")
    expect("the refusal", refused(UnauthorizedException, Portal().authentication.authenticate_me, wrong),
           "User authentication failed")


def myself():
    portal = Portal(API_KEY)
    expect("signed in", response(portal.authentication.get_is_authentificated()), True)
    me = response(portal.profiles.get_self_profile())
    expect("the type of id", type(me.id), uuid.UUID)
    expect("email", me.email, EMAIL)
    expect("isOwner, isAdmin, isVisitor, isCollaborator",
           (me.is_owner, me.is_admin, me.is_visitor, me.is_collaborator), (True, False, False, False))
    expect("status", me.status, models.EmployeeStatus.Active)
    expect("hasPersonalFolder", me.has_personal_folder, True)
    expect("registrationDate is a date", me.registration_date.utc_time is not None, True)


def keys():
    owner = Portal(API_KEY)
    expect("permissions", set(response(owner.keys.get_all_permissions(), count=len(PERMISSIONS))), PERMISSIONS)

    request = models.CreateApiKeyRequestDto(name="Reader", permissions=["rooms:read"], expires_in_days=30)
    key = response(owner.keys.create_api_key(request))
    expect("name", key.name, "Reader")
    expect("permissions", key.permissions, ["rooms:read"])
    expect("isActive", key.is_active, True)
    expect("the form of the key", (key.key[:3], len(key.key)), ("sk-", 67))
    expect("keyPostfix", key.key_postfix, key.key[-4:])
    expect("createBy is the owner", key.create_by.id, response(owner.profiles.get_self_profile()).id)
    lifetime = key.expires_at.utc_time - key.create_on.utc_time
    expect("days until it expires", round(lifetime.total_seconds() / 86_400), 30)

    reader = Portal(key.key)
    used = response(reader.keys.get_api_key())
    expect("id of the key in use", used.id, key.id)
    expect("the key in use is masked", used.key, f"sk-***{key.key_postfix}")
    response(reader.rooms.get_rooms_folder())
    room = models.CreateRoomRequestDto(title="Not for readers", room_type=models.RoomType.CustomRoom)
    refused(ForbiddenException, reader.rooms.create_room, room)
    refused(ForbiddenException, reader.profiles.get_self_profile)

    # A list that the reference streams counts as one.
    listed = {each.id: each for each in response(owner.keys.get_api_keys(), count=1)}
    expect("the listed key", (listed[key.id].name, listed[key.id].key), ("Reader", f"sk-***{key.key_postfix}"))

    change = models.UpdateApiKeyRequest(name="Renamed", permissions=["rooms:write"], is_active=False)
    expect("updated", response(owner.keys.update_api_key(key.id, change)), True)
    refused(UnauthorizedException, reader.keys.get_api_key)
    change = models.UpdateApiKeyRequest(is_active=True)
    expect("updated", response(owner.keys.update_api_key(key.id, change)), True)
    used = response(reader.keys.get_api_key())
    expect("what was changed", (used.name, used.permissions), ("Renamed", ["rooms:write"]))

    expect("deleted", response(owner.keys.delete_api_key(key.id)), True)
    refused(UnauthorizedException, reader.keys.get_api_key)
    expect("listed", key.id in {each.id for each in response(owner.keys.get_api_keys())}, False)


def check_room(room, title, kind):
    expect("title", room.title, title)
    expect("roomType", room.room_type, kind)
    expect("fileEntryType", room.file_entry_type, models.FileEntryType.Folder)
    expect("parentId is the section", room.parent_id, room.root_folder_id)
    expect("created is a date", room.created.utc_time is not None, True)
    expect("updated is not before created", room.updated.utc_time >= room.created.utc_time, True)
    expect("the creator is the updater", room.created_by.id, room.updated_by.id)
    expect("filesCount, foldersCount", (room.files_count, room.folders_count), (0, 0))
    expect("the length of logo.color", len(room.logo.color), 6)


def check_rights(room, archived):
    expect("may read, delete, move", (room.security.read, room.security.delete, room.security.move), (True,) * 3)
    expect("may edit, create, rename", (room.security.edit_room, room.security.create, room.security.rename),
           (not archived,) * 3)


def rooms():
    portal = Portal(API_KEY)
    for kind in models.RoomType:
        request = models.CreateRoomRequestDto(title=f"A {kind.name}", room_type=kind)
        check_room(response(portal.rooms.create_room(request)), f"A {kind.name}", kind)

    request = models.CreateRoomRequestDto(
        title="Ünïcode: *room*", room_type=models.RoomType.VirtualDataRoom, indexing=True, deny_download=True,
        tags=["alpha", "beta"], color="FF6680",
        lifetime=models.RoomDataLifetimeDto(value=7, period=models.RoomDataLifetimePeriod.Day, delete_permanently=True),
    )
    room = response(portal.rooms.create_room(request))
    check_room(room, "Ünïcode_ _room_", models.RoomType.VirtualDataRoom)
    check_rights(room, archived=False)
    expect("indexing, denyDownload", (room.indexing, room.deny_download), (True, True))
    expect("tags", sorted(room.tags), ["alpha", "beta"])
    expect("logo.color", room.logo.color, "FF6680")
    expect("lifetime", (room.lifetime.value, room.lifetime.delete_permanently), (7, True))
    expect("rootFolderType", room.root_folder_type, models.FolderType.VirtualRooms)

    again = response(portal.rooms.get_room_info(room.id))
    expect("what is read again", (again.id, again.title, sorted(again.tags)), (room.id, room.title, sorted(room.tags)))
    refused(UnauthorizedException, Portal().rooms.get_room_info, room.id)
    refused(NotFoundException, portal.rooms.get_room_info, NEVER_EXISTED)

    change = models.UpdateRoomRequest(title="Renamed", tags=["gamma"], indexing=False)
    changed = response(portal.rooms.update_room(room.id, change))
    check_room(changed, "Renamed", models.RoomType.VirtualDataRoom)
    expect("what was changed", (changed.tags, changed.indexing, changed.deny_download), (["gamma"], False, True))


def listed(portal, **filters):
    """The titles of a list of rooms, in order, and the list; each room is read by the model of a whole room too."""
    reply = portal.rooms.get_rooms_folder_with_http_info(**filters)
    content = response(reply.data)
    # The client's own list model knows of a room only what files have as well.
    folders = json.loads(reply.raw_data)["response"]["folders"]
    whole = [models.FolderDtoInteger.from_dict(folder) for folder in folders]
    expect("files", content.files, [])
    expect("count", content.count, len(content.folders))
    expect("the rooms' titles", [room.title for room in whole], [room.title for room in content.folders])
    return [room.title for room in whole], content


def lists():
    portal = Portal(API_KEY)
    me = response(portal.profiles.get_self_profile())
    for title, tags in (("List Cherry", ["red"]), ("List Apple", ["green"]), ("List Banana", None)):
        request = models.CreateRoomRequestDto(title=title, room_type=models.RoomType.PublicRoom, tags=tags)
        response(portal.rooms.create_room(request))
    by_title = {"filter_value": "list", "sort_by": "AZ", "sort_order": models.SortOrder.Ascending}
    alphabet = ["List Apple", "List Banana", "List Cherry"]

    titles, content = listed(portal, **by_title)
    expect("by title", (titles, content.total, content.start_index), (alphabet, 3, 0))
    current = content.current
    expect("current", (current.title, current.root_folder_type), ("Rooms", models.FolderType.VirtualRooms))
    expect("pathParts", content.path_parts[0]["id"], current.id)
    titles, content = listed(portal, **by_title, count=1, start_index=1)
    expect("the second page", (titles, content.total, content.start_index), (alphabet[1:2], 3, 1))
    titles, _ = listed(portal, **{**by_title, "sort_order": models.SortOrder.Descending})
    expect("by title, descending", titles, alphabet[::-1])
    newest_first = {"sort_by": "DateAndTimeCreation", "sort_order": models.SortOrder.Descending}
    titles, _ = listed(portal, filter_value="list", **newest_first)
    expect("newest first", titles, ["List Banana", "List Apple", "List Cherry"])

    # `type` is left out: the client sends the text of a Python object for it, of which no server can make sense.
    for what, filters, wanted in (
        ("of one tag", {"tags": '["red"]'}, ["List Cherry"]),
        ("of two tags", {"tags": '["red","green"]'}, ["List Apple", "List Cherry"]),
        ("without tags", {"without_tags": True}, ["List Banana"]),
        ("of the owner", {"subject_owner_id": str(me.id)}, alphabet),
        ("of others", {"subject_id": str(me.id), "exclude_subject": True}, []),
        ("kept inside", {"storage_filter": models.StorageFilter.Internal}, alphabet),
        ("kept elsewhere", {"storage_filter": models.StorageFilter.ThirdParty}, []),
        ("of a provider", {"provider": models.ProviderFilter.Box}, []),
        ("with the default quota", {"quota_filter": models.QuotaFilter.Default}, alphabet),
        ("in the archive", {"search_area": models.SearchArea.Archive}, []),
        ("anywhere", {"search_area": models.SearchArea.Any}, alphabet),
    ):
        titles, content = listed(portal, **by_title, **filters)
        expect(f"rooms {what}", (titles, content.total), (wanted, len(wanted)))


def finished(operation, kind):
    expect("Operation", operation.operation, kind)
    expect("finished, progress, error", (operation.finished, operation.progress, operation.error), (True, 100, ""))
    expect("status", operation.status, models.DistributedTaskStatus.Completed)
    expect("processed", operation.processed, "1")
    return operation.id


def lifecycle():
    portal = Portal(API_KEY)
    # An operation that is over is listed until it has been read once; this reads what is left from before.
    portal.operations.get_operation_statuses()
    request = models.CreateRoomRequestDto(title="Short-lived", room_type=models.RoomType.EditingRoom)
    room = response(portal.rooms.create_room(request))

    archived = finished(response(portal.rooms.archive_room(room.id)), models.FileOperationType.Move)
    again = response(portal.rooms.get_room_info(room.id))
    expect("rootFolderType", again.root_folder_type, models.FolderType.Archive)
    check_rights(again, archived=True)
    refused(ForbiddenException, portal.rooms.update_room, room.id, models.UpdateRoomRequest(title="Too late"))
    titles, content = listed(portal, search_area=models.SearchArea.Archive, filter_value="short-lived")
    expect("the archive", (titles, content.current.title), (["Short-lived"], "Archive"))

    restored = finished(response(portal.rooms.unarchive_room(room.id, models.ArchiveRoomRequest(delete_after=False))),
                        models.FileOperationType.Move)
    check_rights(response(portal.rooms.get_room_info(room.id)), archived=False)
    finished(response(portal.rooms.archive_room(room.id, models.ArchiveRoomRequest())), models.FileOperationType.Move)

    deleted = finished(response(portal.rooms.delete_room(room.id, models.DeleteRoomRequest())),
                       models.FileOperationType.Delete)
    refused(NotFoundException, portal.rooms.get_room_info, room.id)
    refused(NotFoundException, portal.rooms.delete_room, room.id, models.DeleteRoomRequest())

    one = response(portal.operations.get_operation_statuses(id=deleted))
    expect("the one asked for", [operation.id for operation in one], [deleted])
    rest = [operation.id for operation in response(portal.operations.get_operation_statuses(), count=3)]
    expect("the first two of the rest, newest last", rest[:2], [archived, restored])
    expect("operations once read", response(portal.operations.get_operation_statuses(), count=0), [])
    expect("operations that remain", response(portal.operations.terminate_tasks(str(uuid.uuid4())), count=0), [])


if __name__ == "__main__":
    run(anonymous, sign_in, myself, keys, rooms, lists, lifecycle)
