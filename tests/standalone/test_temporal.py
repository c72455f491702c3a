import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import psutil
import pytest
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client, WorkflowExecutionStatus

from standalone.errors import PortBusyError
from standalone.temporal import TemporalServer
from tools.town.ports import free_port


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TemporalServer]:
    folder = tmp_path_factory.mktemp("temporal")
    running = TemporalServer(folder / "temporal.db", free_port(), free_port(), log=folder / "temporal.log")
    running.start()
    yield running
    running.kill()


async def test_what_was_started_is_there_after_a_kill_and_a_restart(server: TemporalServer) -> None:
    client = await Client.connect(server.address)
    started = await client.start_workflow("Course", id=f"course/{uuid4()}", task_queue="nobody")

    server.kill()
    server.start()

    description = await (await Client.connect(server.address)).get_workflow_handle(started.id).describe()
    assert description.status == WorkflowExecutionStatus.RUNNING


async def test_a_closed_course_is_kept_for_thirty_days(server: TemporalServer) -> None:
    client = await Client.connect(server.address)

    namespace = await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace="default"))

    retention = namespace.config.workflow_execution_retention_ttl.ToTimedelta()
    assert retention == timedelta(days=30)


async def test_courses_can_be_found_by_where_they_are_and_whether_they_stand_still(server: TemporalServer) -> None:
    client = await Client.connect(server.address)

    attributes = await client.operator_service.list_search_attributes(ListSearchAttributesRequest(namespace="default"))

    assert (
        dict(attributes.custom_attributes).items()
        >= {
            "FodslagStep": IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD_LIST,
            "FodslagStatus": IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
            "FodslagStalled": IndexedValueType.INDEXED_VALUE_TYPE_BOOL,
            "FodslagMunicipality": IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
            "FodslagUnit": IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
        }.items()
    )


def test_the_server_and_its_pages_listen_on_loopback_alone(server: TemporalServer) -> None:
    listening = [c.laddr.ip for c in psutil.Process(server.pid).net_connections() if c.status == psutil.CONN_LISTEN]

    assert set(listening) == {"127.0.0.1"}


def test_the_database_is_readable_by_its_owner_alone(server: TemporalServer) -> None:
    database = server.log.with_name("temporal.db")

    assert database.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("setting", ["FODSLAG_TEMPORAL_PORT", "FODSLAG_TEMPORAL_UI_PORT"])
def test_a_busy_port_is_named_with_the_setting_that_changes_it(setting: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        ports = (port, free_port()) if setting == "FODSLAG_TEMPORAL_PORT" else (free_port(), port)

        with pytest.raises(PortBusyError, match=rf"Port {port} .*{setting}"):
            TemporalServer(None, *ports, log=tmp_path / "temporal.log").start()
