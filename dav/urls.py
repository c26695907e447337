"""The addresses of WebDAV, of connected devices, and those of Nextcloud that its app asks."""

from django.urls import path, re_path

from dav.views import devices, nextcloud, webdav

app_name = "dav"
ANY = r"[\s\S]*"  # also line ends, which are refused in words that programs show
OCS = r"^ocs/v(?P<version>[12])\.php/"

urlpatterns = [
    path("dav", webdav.dav, name="dav_without_slash"),
    re_path(rf"^dav/(?P<path>{ANY})$", webdav.dav, name="dav"),
    # connected devices
    path("devices/", devices.devices, name="devices"),
    path("devices/new/", devices.connect, name="connect"),
    path("devices/<int:pk>/", devices.device, name="device"),
    path("devices/<int:pk>/revoke/", devices.revoke, name="revoke"),
    # what Nextcloud's app asks
    re_path(rf"^remote\.php/dav/files/(?P<user>[^/]+)(?:/(?P<path>{ANY}))?$", nextcloud.files, name="nextcloud_files"),
    re_path(rf"^remote\.php/dav/uploads/(?P<user>[^/]+)/(?P<path>{ANY})$", nextcloud.uploads, name="nextcloud_uploads"),
    re_path(rf"^remote\.php/webdav(?:/(?P<path>{ANY}))?$", nextcloud.old_files, name="nextcloud_old_files"),
    path("status.php", nextcloud.status, name="nextcloud_status"),
    re_path(r"^(?:index\.php/)?204$", nextcloud.connected, name="nextcloud_connected"),
    re_path(OCS + r"cloud/capabilities$", nextcloud.capabilities, name="nextcloud_capabilities"),
    re_path(OCS + r"cloud/user$", nextcloud.account, name="nextcloud_account"),
    re_path(OCS + r"cloud/users/(?P<name>[^/]+)$", nextcloud.account, name="nextcloud_user"),
    re_path(OCS + r"(?P<path>.*)$", nextcloud.nothing, name="nextcloud_nothing"),
    path("index.php/login/v2", nextcloud.begin, name="nextcloud_begin"),
    path("index.php/login/v2/poll", nextcloud.poll, name="nextcloud_poll"),
    path("devices/let-in/<str:secret>/", nextcloud.let_in, name="let_in"),
]
