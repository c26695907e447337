"""The addresses of the administration, and for monitoring."""

from django.urls import include, path

from operations.views import dashboard, folder_rules, folders, jobs, monitors, originals, settings, tasks

administration = [
    path("", dashboard.dashboard, name="dashboard"),
    path("storage/", dashboard.storage, name="storage"),
    path("storage/originals/", originals.originals, name="originals"),
    path("storage/originals/<slug:action>/", originals.act_on_originals, name="act_on_originals"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/pause/", jobs.pause, name="pause"),
    path("jobs/retry/", jobs.retry, name="retry"),
    path("jobs/<slug:name>/", jobs.job, name="job"),
    path("folders/", folders.folders, name="folders"),
    path("folders/choose/", folders.choose_folder, name="choose_folder"),
    path("folders/add/", folders.add_folder, name="add_folder"),
    path("folders/<int:pk>/", folder_rules.folder, name="folder"),
    path("folders/<int:pk>/leave-out/", folder_rules.leave_out, name="leave_out"),
    path("folders/<int:pk>/<slug:action>/", folders.act_on_folder, name="act_on_folder"),
    path("tasks/", tasks.tasks, name="tasks"),
    path("tasks/<slug:name>/run/", tasks.run_task, name="run_task"),
    path("settings/", settings.settings, name="settings"),
    path("settings/models/", settings.models, name="switch_models"),
    path("settings/<str:name>/reset/", settings.reset_setting, name="reset_setting"),
]
app_name = "operations"
urlpatterns = [
    path("healthz", monitors.healthz, name="healthz"),
    path("readyz", monitors.readyz, name="readyz"),
    path("metrics", monitors.metrics_page, name="metrics"),
    path("administration/", include(administration)),
]
