"""The access rule of every address. A new address needs a line here.

    "albums:album": get(ALBUM, album_key),                       # seen by all who see the shared album
    "albums:edit": post(CO_OWNERS, album_key, name="Other"),     # and changed by these alone
    "photos:edit": post(OWNER, photo_key, field="title", value="x"),

`get`, `post` and, for the HTTP API, `api` take who is admitted, a function of the world (world.py) that returns
the arguments of the address, and fields of the query or form, which may also be functions of the world. Everybody else
must get what a stranger gets: 404, 403, or the sign-in page. Only those in `writes`, by default the owner, may change
what belongs to the owner.
"""

from mirage.tests.access.api_rules import API_RULES
from mirage.tests.access.arguments import (
    PARTS,
    Rule,
    album_key,
    both_keys,
    change_id,
    done,
    duplicates_key,
    fixed,
    folder_pk,
    get,
    invitation_pk,
    key_of_album,
    key_of_photo,
    left_out_pk,
    link_key,
    lockout_pk,
    owner_pk,
    person_key,
    photo_key,
    post,
    recent_id,
    search_id,
    session_pk,
    tag_pk,
    thumbnail,
    thumbnail_by_link,
    token,
    token_and_photo,
    token_pk,
    upload_key,
)
from mirage.tests.access.world import (
    ALBUM,
    CO_OWNERS,
    CONTRIBUTORS,
    EVERYBODY,
    GUEST,
    LIBRARY,
    NOBODY,
    OWNER,
    SEES,
    SIGNED_IN,
    STAFF,
)
from photos.addresses import THUMBNAILS

RULES: dict[str, Rule | list[Rule]] = {
    "palette": [get(SIGNED_IN), get(SIGNED_IN, q="perso")],
    # media
    "photos:thumbnail": [get(SEES, thumbnail(size)) for size in sorted(THUMBNAILS)],
    "photos:original": get(SEES, photo_key),
    "photos:video": get(SEES, photo_key),
    "photos:download": get(SEES, photo_key),
    "photos:download_selection": post(SEES, keys=key_of_photo),
    # uploads
    "photos:upload": get(SIGNED_IN),
    "photos:upload_check": post(SIGNED_IN, sha256=lambda world: world.private.sha256),
    "photos:upload_back": post(SIGNED_IN, keys=key_of_photo),
    "photos:upload_sidecar": post(SIGNED_IN, photo=key_of_photo),
    "photos:tus": post(SIGNED_IN),
    "photos:tus_file": Rule(OWNER, upload_key, "HEAD"),
    "photos:upload_finish": post(OWNER, upload_key),
    "photos:share_target": get(SIGNED_IN),
    # the first hour
    "photos:welcome": [get(SIGNED_IN), post(SIGNED_IN, step="names")],
    "takeout:export": get(SIGNED_IN),
    "takeout:files": post(SIGNED_IN),
    "takeout:import": post(SIGNED_IN),
    # WebDAV: programs with a password, never browsers (dav/tests say what each sees)
    "dav:dav": [get(NOBODY, fixed("")), get(NOBODY, fixed("Upload/a.jpg"))],
    "dav:dav_without_slash": get(NOBODY),
    # what is going on
    "photos:attention": get(SIGNED_IN),
    "photos:attention_act": post(SIGNED_IN, fixed("retry"), all="yes"),
    "photos:activity": get(SIGNED_IN),
    # editing
    "photos:edit": post(OWNER, photo_key, field="title", value="Shownword again"),
    "photos:tags": get(OWNER, photo_key),
    "photos:edit_selection": post(SIGNED_IN, keys=both_keys, field="title", value="x"),
    "photos:write_files": post(SIGNED_IN, fixed("write"), keys=both_keys),
    "photos:turn": post(SIGNED_IN, keys=both_keys, way="left"),
    "photos:change": get(OWNER, change_id),
    "photos:undo": post(OWNER, change_id),
    # the map and the calendar
    "photos:map": get(SIGNED_IN),
    "photos:map_clusters": get(SIGNED_IN, zoom=3, **PARTS),
    "photos:map_photos": get(SIGNED_IN, **PARTS),
    "photos:towns": get(SIGNED_IN, name="Lis"),
    "photos:countries": get(SIGNED_IN),
    "photos:explore": get(SIGNED_IN),
    "photos:library": get(SIGNED_IN),
    "photos:tidy_up": get(SIGNED_IN),
    "photos:storage": get(SIGNED_IN),
    "photos:years": get(SIGNED_IN),
    "photos:year": get(SIGNED_IN, fixed(2024)),
    "photos:month": get(SIGNED_IN, fixed(2024, 5)),
    "photos:memories": get(SIGNED_IN, day="05-01"),
    # memories and the player
    "photos:memories_strip": get(SIGNED_IN),
    "photos:memory_settings": [get(SIGNED_IN), post(SIGNED_IN, memories="on")],
    "photos:memory": [
        get(SIGNED_IN, fixed("month.2024-05")),
        get(OWNER, lambda world: [f"person.{world.person.key}"]),
    ],
    "photos:memory_menu": get(SEES, fixed("month.2024-05"), photo=key_of_photo),
    "photos:leave_out": [
        post(SIGNED_IN, subject="day", value="2024-05-01"),
        post(OWNER, subject="person", value=lambda world: world.person.key),
    ],
    "photos:show_again": post(OWNER, left_out_pk),
    "photos:play": [
        get(SIGNED_IN, **{"in": "memory.month.2024-05"}),
        get(OWNER, **{"in": lambda world: f"memory.person.{world.person.key}"}),
        post(SEES, keys=key_of_photo),
    ],
    # what looks alike
    "photos:similar": get(SEES, photo_key),
    "photos:search_by_picture": [get(SIGNED_IN), post(SIGNED_IN)],
    "photos:picture": get(OWNER, lambda world: [world.picture.key]),
    # duplicates and stacks
    "duplicates:queue": get(SIGNED_IN),
    "duplicates:exact": get(SIGNED_IN),
    "duplicates:rules": [get(SIGNED_IN), post(SIGNED_IN, move="size:up")],
    "duplicates:group": get(OWNER, duplicates_key()),
    "duplicates:act": [post(OWNER, duplicates_key(act), keep=key_of_photo) for act in ("keep", "keep-all", "stack")],
    "duplicates:undo": post(OWNER, lambda world: [world.done["duplicates"].pk]),
    "duplicates:many": get(SIGNED_IN, tier="same"),
    "duplicates:resolve_many": post(SIGNED_IN, tier="same"),
    "duplicates:many_progress": get(OWNER, lambda world: [world.done["many"].pk]),
    "duplicates:undo_many": post(OWNER, lambda world: [world.done["many"].pk]),
    "photos:stack": post(SIGNED_IN, keys=both_keys),
    "photos:unstack": post(OWNER, photo_key),
    "photos:cover": post(OWNER, photo_key),
    "photos:undo_stack": post(OWNER, lambda world: [world.done["stacks"].pk]),
    # the search
    "search:search": [get(SIGNED_IN, q="lisbon"), get(SIGNED_IN, q="personword"), get(SIGNED_IN, q="tag:tagword")],
    "search:narrow": get(SIGNED_IN, q="lisbon"),
    "search:nearly": get(SIGNED_IN, q="lisbon"),
    "search:start": get(SIGNED_IN),
    "search:forget": post(OWNER, recent_id),
    "search:forget_all": post(SIGNED_IN),
    "search:complete": [get(SIGNED_IN, q=text) for text in ("per", "person:", "tag:", "album:", "place:")],
    "search:saved": get(SIGNED_IN),
    "search:pinned": get(SIGNED_IN),
    "search:keep": post(SIGNED_IN, name="Beach", query="beach"),
    "search:change": post(OWNER, search_id, name="Beach", query="beach"),
    "search:pin": post(OWNER, search_id, pinned="on"),
    "search:delete": post(OWNER, search_id),
    # the gallery
    "photos:timeline": get(SIGNED_IN),
    "photos:recent": get(SIGNED_IN),
    "photos:favourites": get(SIGNED_IN),
    "photos:videos": get(SIGNED_IN),
    "photos:archive": get(SIGNED_IN),
    "photos:trash": get(SIGNED_IN),
    "photos:months": get(SIGNED_IN),
    "photos:keys": get(SEES, **{"from": key_of_photo, "to": key_of_photo}),
    "photos:photo": get(SEES, photo_key),
    "photos:info": get(SEES, photo_key),
    "photos:boxes": get(OWNER, photo_key),
    "teach:overview": get(SIGNED_IN),
    "teach:tag": get(OWNER, tag_pk),
    "teach:undo": post(OWNER, tag_pk),
    "teach:apply": post(OWNER, tag_pk, above="0.9"),
    "teach:answer": post(OWNER, lambda world: [world.tag.pk, world.photo.key, "skip"]),
    "photos:labels_wanted": post(OWNER, photo_key, wanted="no"),
    "photos:selection": post(SIGNED_IN, fixed("trash"), keys=both_keys),
    "photos:delete": post(SIGNED_IN, keys=both_keys, confirmed="yes"),
    "photos:empty_trash": post(SIGNED_IN, confirmed="yes"),
    # people
    "people:people": get(SIGNED_IN),
    "people:merge": post(SIGNED_IN, keys=lambda world: world.person.key),
    "people:history": get(SIGNED_IN),
    "people:hide": post(SIGNED_IN, fixed("hide"), keys=lambda world: world.person.key),
    "people:undo": post(OWNER, lambda world: [world.done["people"].pk]),
    "people:shared": get(LIBRARY - OWNER, person_key),  # the owner has a page that can do more
    "people:crop": get(LIBRARY, lambda world: [world.face.pk, "small"]),
    "people:faces_act": post(SIGNED_IN, fixed("not-a-face"), faces=lambda world: world.face.pk),
    "people:photo_faces": get(OWNER, photo_key),
    "people:draw": post(OWNER, photo_key, x=0.1, y=0.1, width=0.2, height=0.2, name="Personword"),
    "people:move_box": post(
        OWNER, lambda world: [world.private.key], face=lambda world: world.face.pk, x=0.1, y=0.1, width=0.3, height=0.3
    ),
    "people:review": get(SIGNED_IN),
    "people:review_undo": post(SIGNED_IN),
    "people:answer": post(SIGNED_IN, lambda world: [world.question.pk, "no"]),
    "people:person": get(OWNER, person_key),
    "people:head": get(OWNER, person_key),
    "people:person_faces": get(OWNER, person_key),
    "people:person_history": get(OWNER, person_key),
    "people:name": post(OWNER, person_key, name="Personword the third"),
    "people:birthday": post(OWNER, person_key, birthday="2000-01-01"),
    "people:others": get(OWNER, person_key),
    # comments: by all who see the photo; changed by their author and the photo's owner
    "photos:comments": get(SEES, photo_key),
    "photos:edit_comment": post(OWNER, lambda world: [world.comment.pk], text="Other words"),
    "photos:remove_comment": post(OWNER, lambda world: [world.comment.pk]),
    "photos:restore_comment": post(OWNER, lambda world: [world.done["comments"].pk]),
    # tags
    "tags:tags": get(SIGNED_IN),
    "tags:add": post(SIGNED_IN, name="New"),
    "tags:undo": post(OWNER, lambda world: [world.done["tags"].pk]),
    "tags:choose": post(SIGNED_IN, keys=both_keys),
    "tags:put": post(SIGNED_IN, keys=both_keys, add="Other"),
    "tags:tag": get(OWNER, tag_pk),
    "tags:menu": get(OWNER, tag_pk),
    "tags:change": [
        post(OWNER, tag_pk, name="Tagword again"),
        post(OWNER, tag_pk, delete="yes"),
        post(OWNER, tag_pk, parent=""),
    ],
    # albums
    "albums:albums": get(SIGNED_IN),
    "albums:create": post(SIGNED_IN, name="New"),
    "albums:suggestions": get(SIGNED_IN),
    "albums:make": [
        post(SIGNED_IN, first="2024-05-01", last="2024-05-01", name="New"),
        post(OWNER, **{"in": lambda world: f"person.{world.person.key}"}),
    ],
    "albums:undo": post(OWNER, lambda world: [world.done["albums"].pk]),
    "albums:choose": post(SIGNED_IN, keys=both_keys),
    "albums:put": post(
        SIGNED_IN,
        writes=CONTRIBUTORS,
        keys=lambda world: ",".join(photo.key for photo in (world.photo, world.private, *world.added.values())),
        add=key_of_album,
    ),
    "albums:rail": get(SIGNED_IN),
    "albums:add": [
        get(CONTRIBUTORS, album_key),
        post(
            CONTRIBUTORS,
            album_key,
            writes=CONTRIBUTORS,
            keys=lambda world: ",".join(photo.key for photo in (world.photo, world.private, *world.added.values())),
        ),
    ],
    "albums:album": get(ALBUM, album_key),
    "albums:head": get(ALBUM, album_key),
    "albums:cover": get(ALBUM, album_key),
    "albums:edit": post(CO_OWNERS, album_key, writes=CO_OWNERS, name="Albumword again"),
    "albums:delete": post(OWNER, album_key),
    "albums:remove": post(CONTRIBUTORS, album_key, writes=CO_OWNERS, keys=key_of_photo),
    "albums:move": post(CO_OWNERS, album_key, writes=CO_OWNERS, keys=key_of_photo),
    "albums:sort": post(CO_OWNERS, album_key, writes=CO_OWNERS),
    "albums:heading": post(CO_OWNERS, album_key, writes=CO_OWNERS, keys=key_of_photo, heading="Noon"),
    "albums:download": get(ALBUM, album_key),
    "albums:sharing": get(SIGNED_IN),
    "albums:partner": post(SIGNED_IN, user="stranger"),
    "albums:on_timeline": post(SIGNED_IN, writes=OWNER | {"partner"}, user="owner", shown=""),
    "albums:begin_link": post(SIGNED_IN, query="2024"),
    "albums:make_link": [post(SIGNED_IN, query="2024"), post(OWNER, album=key_of_album)],
    "albums:edit_link": get(OWNER, link_key),
    "albums:revoke_link": post(OWNER, link_key),
    "albums:sharing_of": get(OWNER, album_key),
    "albums:link_to": post(OWNER, album_key),
    "albums:share": post(OWNER, album_key, user="stranger", role="viewer"),
    "albums:leave": post(ALBUM, album_key, writes=ALBUM),
    # public links
    "guest:page": get(GUEST | {"guest_locked"}, token),  # who has yet to give the password is asked for it
    "guest:unlock": post(GUEST, token, writes=GUEST, password="wrong"),
    "guest:play": get(GUEST, token),
    "guest:keys": get(GUEST, token, day="0"),
    "guest:photo": get(GUEST | {"guest_locked"}, token_and_photo),  # as the page
    "guest:thumbnail": [get(GUEST, thumbnail_by_link(size)) for size in sorted(THUMBNAILS)],
    "guest:video": get(GUEST, token_and_photo),
    "guest:original": get(GUEST, token_and_photo),
    "guest:download": get(GUEST, token_and_photo),
    "guest:download_all": get(GUEST, token),
    "guest:upload": Rule(GUEST, token, "PUT"),
    **API_RULES,
    # accounts
    "accounts:login": get(EVERYBODY),
    "accounts:first": get(NOBODY),  # there is an account
    # monitoring; test_monitors.py tests who sees what
    "operations:healthz": get(EVERYBODY),
    "operations:readyz": get(EVERYBODY),
    "operations:metrics": get(EVERYBODY),
    "accounts:logout": post(EVERYBODY),
    # administration
    **{
        f"operations:{name}": get(STAFF)
        for name in ("dashboard", "storage", "jobs", "folders", "choose_folder", "tasks", "settings")
    },
    "operations:job": get(STAFF, fixed("thumbnails")),
    "operations:pause": post(STAFF, stage="thumbnails", paused="no"),
    "operations:retry": post(STAFF, stage="thumbnails"),
    "operations:add_folder": post(STAFF, path="/"),
    "operations:act_on_folder": post(STAFF, folder_pk("read")),
    "operations:run_task": post(STAFF, fixed("look")),
    "operations:switch_models": post(STAFF, on="faces"),
    "operations:reset_setting": post(STAFF, fixed("MIRAGE_TRASH_DAYS")),
    "accounts:theme": post(SIGNED_IN, theme="dark"),
    "accounts:forgot": get(NOBODY),  # there is no mail server
    "accounts:join": get(NOBODY, fixed("made-up")),
    "accounts:reset": get(NOBODY, fixed("MQ", "made-up")),
    "accounts:account": get(SIGNED_IN),
    "accounts:profile": post(SIGNED_IN, home_zone=""),
    "accounts:password": get(SIGNED_IN),
    "accounts:make_token": get(SIGNED_IN),
    "accounts:revoke_token": post(OWNER, token_pk),
    "accounts:revoke_tokens": post(SIGNED_IN),
    "accounts:end_session": post(OWNER, session_pk),
    "accounts:end_sessions": post(SIGNED_IN),
    "accounts:users": get(STAFF),
    "accounts:invite": post(STAFF, role="guest"),
    "accounts:user": get(STAFF, owner_pk),
    "accounts:reset_link": post(STAFF, owner_pk),
    "accounts:sign_user_out": post(STAFF, owner_pk),
    "accounts:delete_user": post(STAFF, owner_pk),  # without the name typed
    "accounts:withdraw": post(STAFF, invitation_pk),
    "accounts:lift": post(STAFF, lockout_pk),
    "accounts:log": get(SIGNED_IN),
    "accounts:history": get(SIGNED_IN),
    "accounts:undo": [
        post(OWNER, done(kind)) for kind in ("albums", "comments", "tags", "people", "duplicates", "stacks")
    ],
    # the second factor: pages of django-allauth
    "mfa_authenticate": get(EVERYBODY),  # leads to the sign-in, except between password and code
    "mfa_login_webauthn": get(EVERYBODY),
    "mfa_deactivate_totp": get(NOBODY),  # nobody has one
    "mfa_remove_webauthn": get(NOBODY, fixed(1)),
    "mfa_edit_webauthn": get(NOBODY, fixed(1)),
    "mfa_view_recovery_codes": get(NOBODY),
    "mfa_download_recovery_codes": get(NOBODY),
    **{
        name: get(SIGNED_IN)
        for name in (
            "mfa_activate_totp",
            "mfa_add_webauthn",
            "mfa_generate_recovery_codes",
            "mfa_index",
            "mfa_list_webauthn",
            "account_email",
            "account_change_password",
        )
    },
    # nobody in this world has a password to confirm with
    **{name: get(NOBODY) for name in ("account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn")},
    # names of allauth's that lead to the sign-in
    **{name: get(EVERYBODY) for name in ("account_login", "account_inactive", "administration_login")},
    # the installed app
    **{name: get(EVERYBODY) for name in ("manifest", "service_worker", "offline", "session")},
    # administration: its addresses are Django's and django-rq's own, all behind the same check
    "admin:*": get(STAFF),
    "django_rq:*": get(STAFF),
}
