import type { FixtureProject } from './fixture-project.ts';
import { writeFile } from './write-file.ts';

export const project: FixtureProject = {
  traps: ['C1', 'C2', 'C3', 'C10'],
  wrong: `C1: report.py imports kiosk.core.connection, which is gone; kiosk.core.connection_manager is there and only begins like it. pool.py
    lost its importers to pool_manager.py, which begins like it. C2: each module of kiosk/ways is reached in one way that Python knows
    (relative, renamed, star, guarded, inside a function, importlib, __import__). C3: each module of kiosk/named is named by a text
    alone: a mock's target, Celery tasks, INSTALLED_APPS, a logging config, Alembic. One mock names a module that is gone. C10: dead/last.py is
    imported by dead/next.py, which is imported by dead/first.py, which nobody imports.`,
  build(dir) {
    const write = (path: string, ...lines: readonly string[]): void => writeFile(dir, path, `${lines.join('\n')}\n`);
    const module = (path: string, name: string): void => write(path, `def ${name}():`, `    return "${name}"`);
    write('Dockerfile', 'FROM python:3.12', 'WORKDIR /app', 'COPY . .', 'CMD ["python", "-m", "kiosk.main"]');
    write('requirements.txt', 'celery', 'alembic');
    for (const folder of ['', '/core', '/ways', '/named', '/dead']) write(`kiosk${folder}/__init__.py`);

    write(
      'kiosk/main.py',
      'import importlib',
      'import kiosk.ways.renamed as other',
      'from kiosk import report, settings, worker',
      'from kiosk.core.connection_manager import connect',
      'from kiosk.core.pool_manager import pool',
      'from kiosk.ways import whole',
      'from kiosk.ways.star import *',
      'from .ways.relative import near',
      'try:',
      '    from kiosk.ways.fast import speed',
      'except ImportError:',
      '    from kiosk.ways.slow import speed',
      'def later():',
      '    from .ways import deferred',
      '    return deferred.deferred()',
      'loaded = importlib.import_module("kiosk.ways.loaded")',
      'near_by = importlib.import_module(".ways.loaded_near", package="kiosk")',
      'old_way = __import__("kiosk.ways.dunder")',
    );
    for (const name of ['renamed', 'whole', 'star', 'fast', 'slow', 'deferred', 'loaded', 'loaded_near', 'dunder'])
      module(`kiosk/ways/${name}.py`, name);
    write('kiosk/ways/relative.py', 'from ..ways.twice import near');
    module('kiosk/ways/twice.py', 'near');
    module('kiosk/ways/nobody.py', 'nobody');

    module('kiosk/core/connection_manager.py', 'connect');
    module('kiosk/core/pool_manager.py', 'pool');
    module('kiosk/core/pool.py', 'pool');
    write('kiosk/report.py', 'from kiosk.core.connection import connect');

    write(
      'kiosk/settings.py',
      'INSTALLED_APPS = ["django.contrib.auth", "kiosk.named.shop"]',
      'LOGGING = {"version": 1, "handlers": {"file": {"class": "kiosk.named.logs.Handler"}}}',
    );
    write(
      'kiosk/worker.py',
      'from celery import Celery',
      'app = Celery("kiosk", include=["kiosk.named.tasks"])',
      'app.send_task("kiosk.named.nightly.clean")',
    );
    write('kiosk/named/shop/__init__.py', 'NAME = "shop"');
    write('kiosk/named/logs.py', 'import logging', 'class Handler(logging.Handler):', '    pass');
    module('kiosk/named/tasks.py', 'task');
    module('kiosk/named/nightly.py', 'clean');
    module('kiosk/named/mail.py', 'send');
    module('kiosk/named/tables.py', 'metadata');
    write('alembic.ini', '[alembic]', 'script_location = migrations');
    write('migrations/env.py', 'from alembic import context', 'from kiosk.named.tables import metadata');
    write(
      'tests/test_mail.py',
      'from unittest import mock',
      'def test_mail():',
      '    with mock.patch("kiosk.named.mail.send"):',
      '        pass',
      'def test_gone():',
      '    with mock.patch("kiosk.named.post.send"):',
      '        pass',
    );

    write('kiosk/dead/first.py', 'from kiosk.dead.next import step');
    write('kiosk/dead/next.py', 'from kiosk.dead.last import step');
    module('kiosk/dead/last.py', 'step');
  },
};
