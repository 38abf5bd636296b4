/** Recognises stores that belong to another program (trap S12) by tables that only that program has. Precision first. */
import type { Table } from './model.ts';

interface Signature {
  readonly program: string;
  /** All of these tables must be there. */
  readonly tables: readonly string[];
}

const SIGNATURES: readonly Signature[] = [
  { program: 'Home Assistant', tables: ['states', 'events', 'recorder_runs', 'schema_changes'] },
  { program: 'LiteLLM', tables: ['LiteLLM_UserTable', 'LiteLLM_VerificationToken'] },
  { program: 'Open WebUI', tables: ['chat', 'auth', 'config', 'migratehistory', 'model'] },
  { program: 'Navidrome', tables: ['media_file', 'annotation', 'album', 'goose_db_version'] },
  { program: 'Grafana', tables: ['dashboard', 'data_source', 'org_user', 'migration_log'] },
  { program: 'n8n', tables: ['workflow_entity', 'execution_entity', 'credentials_entity'] },
  { program: 'Jellyfin', tables: ['TypedBaseItems', 'UserDatas', 'mediastreams'] },
  { program: 'Uptime Kuma', tables: ['monitor', 'heartbeat', 'monitor_notification'] },
  { program: 'Vaultwarden', tables: ['ciphers', 'ciphers_collections', 'twofactor', 'users_organizations'] },
  { program: 'Gitea', tables: ['access_token', 'repository', 'pull_request', 'webhook', 'issue_label'] },
  { program: 'Firefox', tables: ['moz_places', 'moz_historyvisits', 'moz_bookmarks'] },
  { program: 'Firefox', tables: ['moz_cookies'] },
  { program: 'Chrome', tables: ['urls', 'visits', 'keyword_search_terms', 'meta'] },
  { program: 'Chrome', tables: ['cookies', 'meta'] },
  { program: 'Chrome', tables: ['logins', 'meta', 'stats'] },
  { program: 'Anki', tables: ['col', 'notes', 'cards', 'revlog', 'graves'] },
  { program: 'coverage.py', tables: ['coverage_schema', 'line_bits', 'file'] },
  { program: 'mypy', tables: ['files2'] },
  { program: 'Chroma', tables: ['embeddings_queue', 'segment_metadata', 'collections'] },
  { program: 'MLflow', tables: ['experiments', 'runs', 'metrics', 'latest_metrics', 'registered_models'] },
  { program: 'Airflow', tables: ['dag_run', 'task_instance', 'slot_pool', 'xcom'] },
  { program: 'Plex', tables: ['metadata_items', 'media_parts', 'library_sections'] },
  { program: 'calibre', tables: ['books', 'books_authors_link', 'library_id', 'books_series_link'] },
  { program: 'Fossil', tables: ['blob', 'delta', 'rcvfrom', 'user', 'config', 'shun'] },
  { program: 'Jupyter', tables: ['nbsignatures'] },
  { program: 'Zigbee (zigpy)', tables: ['devices_v13', 'endpoints_v13'] },
  { program: 'Paperless-ngx', tables: ['documents_document', 'documents_correspondent', 'paperless_mail_mailaccount'] },
  { program: 'Pi-hole', tables: ['gravity', 'adlist', 'domainlist'] },
  { program: 'Wikidata Query / MediaWiki', tables: ['page', 'revision', 'slots', 'content', 'actor'] },
  { program: 'Microsoft Visual Studio (IntelliSense)', tables: ['code_items', 'code_item_kinds', 'parsers'] },
];

const APPLICATION_IDS: Readonly<Record<number, string>> = {
  252006673: 'Fossil (global configuration)',
  252006674: 'Fossil (checkout)',
  252006675: 'Fossil (repository)',
  1196444487: 'a GeoPackage',
  1196437808: 'a GeoPackage',
  1297109078: 'an MBTiles map',
  1598903374: 'Monotone',
};

export function recogniseProgram(
  tables: readonly Table[],
  applicationId: number,
): { readonly program: string; readonly evidence: string } | null {
  const byId = APPLICATION_IDS[applicationId];
  if (byId !== undefined) return { program: byId, evidence: `application_id ${applicationId}` };
  const names = new Set(tables.map(({ name }) => name));
  const found = SIGNATURES.find((signature) => signature.tables.every((table) => names.has(table)));
  if (found === undefined) return null;
  // A single telling table is enough where the store holds hardly anything else.
  if (found.tables.length <= 2 && tables.filter(({ kind }) => kind === 'table').length > 6) return null;
  return { program: found.program, evidence: `has the tables ${found.tables.join(', ')}` };
}
