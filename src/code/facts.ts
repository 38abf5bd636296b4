/**
 * What is read from one source file, whatever its language: plain data that depends on the file's text alone (never on
 * its path, its neighbours or the machine), so that it can be cached by content. Nothing is concluded here: names are not
 * looked up, modules not found, paths not joined. `src/bindings/` and `src/audit/` do that.
 */

/** Offsets of UTF-16 units, end exclusive, and the 1-based line of the start. A text's span includes its quotes. */
export type Span = readonly [start: number, end: number, line: number];

export type LanguageId =
  | 'python'
  | 'typescript'
  | 'sql'
  | 'shell'
  | 'php'
  | 'yaml'
  | 'dockerfile'
  | 'env'
  | 'toml'
  | 'ini'
  | 'json'
  | 'prisma'
  | 'makefile'
  | 'systemd'
  | 'crontab'
  | 'procfile'
  | 'markdown';

/**
 * An expression, reduced to what tells which store is meant. One vocabulary for all languages: `evaluate` knows what
 * `os.path.join` and `path.join` do; a front end only says that they are called.
 */
export type Expr =
  /** A string literal, escapes decoded. */
  | { readonly k: 'text'; readonly v: string; readonly at: Span }
  | { readonly k: 'number'; readonly v: number }
  | { readonly k: 'bool'; readonly v: boolean }
  /** None, null, undefined. */
  | { readonly k: 'null' }
  /** An identifier. PHP: without `$`; constants as they stand. `__file__`, `__dirname`, `__DIR__`, `this`, `self` are names. */
  | { readonly k: 'name'; readonly v: string }
  /** `of.v`, `of::v`, `of->v`; `import.meta.dirname` is member(member(name import, meta), dirname). */
  | { readonly k: 'member'; readonly of: Expr; readonly v: string }
  /** The key { k: 'unknown', why: 'each' }: one item after the other, as a loop takes them; `each key`: their keys. */
  | { readonly k: 'index'; readonly of: Expr; readonly key: Expr }
  /** `named`: keyword arguments. `new`: a `new` expression. A spread argument is { k: 'unknown', why: 'spread' }. */
  | {
      readonly k: 'call';
      readonly fn: Expr;
      readonly args: readonly Expr[];
      readonly named?: Readonly<Record<string, Expr>>;
      /** What `**x` takes its keyword arguments from. */
      readonly spreads?: readonly Expr[];
      readonly new?: true;
      readonly at: Span;
    }
  /** Parts of a template or f-string, in order (a literal part's span has no quotes). Implicit joining of literals is one text. */
  | { readonly k: 'concat'; readonly parts: readonly Expr[]; readonly at: Span }
  /** `op` as spelled: `+ / % . ?? || && or and not ! == …`; a unary operator has no `b`. */
  | { readonly k: 'op'; readonly op: string; readonly a: Expr; readonly b?: Expr }
  | { readonly k: 'if'; readonly test: Expr; readonly then: Expr; readonly else: Expr }
  | { readonly k: 'list'; readonly items: readonly Expr[] }
  | { readonly k: 'map'; readonly entries: readonly (readonly [key: Expr, value: Expr])[] }
  /** A lambda, arrow function or function expression: its body is scope `scope` of the file. */
  | { readonly k: 'function'; readonly scope: number }
  /** A text (or template, holes as `?`) that is SQL: what it does, in place of what it says. */
  | { readonly k: 'sql'; readonly uses: readonly SqlUse[]; readonly at: Span }
  /** Anything else, and what was too deep. */
  | { readonly k: 'unknown'; readonly why: string };

export interface SqlUse {
  /** First keyword(s), lower case: `select`, `insert`, `update`, `delete`, `create table`, `alter table`, `drop table`, `truncate`, … */
  readonly verb: string;
  readonly access: 'read' | 'write' | 'ddl';
  /** As written, quotes removed, schema kept apart. `?` where a hole is. */
  readonly table: string;
  readonly schema?: string;
  readonly line: number;
  /** `CREATE TABLE`: its columns. `ALTER TABLE … ADD COLUMN`: the one. */
  readonly columns?: readonly DdlColumn[];
  /** `CREATE TABLE`: its brackets and what stands behind them, without comments. Left out where a hole is in it, or where it is long. */
  readonly body?: string;
  /** `CREATE TABLE IF NOT EXISTS`. */
  readonly ifNotExists?: true;
  /** A `DELETE` or `UPDATE` without `WHERE`. */
  readonly unfiltered?: true;
  /** `ALTER TABLE`: columns that it drops, columns that it renames, columns that it declares anew. */
  readonly drops?: readonly string[];
  readonly renames?: readonly (readonly [from: string, to: string])[];
  readonly modifies?: readonly DdlColumn[];
  /** `ALTER TABLE … RENAME TO`, `RENAME TABLE`: the table's new name. */
  readonly renamedTo?: string;
}

export interface DdlColumn {
  readonly name: string;
  /** Upper case, as declared, without constraints: `VARCHAR(20)`. Empty: none. */
  readonly type: string;
  readonly notNull?: true;
  readonly primaryKey?: true;
  readonly unique?: true;
  readonly default?: string;
  /** Table that it references. */
  readonly references?: string;
}

export interface ImportFact {
  /** As written: `a.b.c`, `..models`, `./db.js`, `@/lib/db`, `../config.php`; `null` for a target that is computed. */
  readonly module: string | null;
  /** Python: number of leading dots; `module` is then without them. */
  readonly level?: number;
  /** Names taken. `*`: all. `default`: the default export. Empty: the module itself (`import a.b`, `import './x'`, `require`). */
  readonly names: readonly { readonly name: string; readonly as: string }[];
  /** Local name of the whole module: `import numpy as np` → np, `import a.b` → a, `import * as x` → x, `const x = require()` → x. */
  readonly as?: string;
  /**
   * `static`; `dynamic`: import(), importlib, __import__, require inside code; `type`: erased when compiled; `reexport`:
   * `export … from`; `text`: a string that names a module (mock targets, INSTALLED_APPS, Celery tasks, entry points).
   */
  readonly kind: 'static' | 'dynamic' | 'type' | 'reexport' | 'text';
  /** Inside try/except ImportError, a condition, or a function: still real (trap C2). */
  readonly guarded?: true;
  /** Scope it stands in. */
  readonly scope: number;
  /** The span of the module's spelling (without quotes), which an edit would replace. */
  readonly at: Span;
}

export interface ExportFact {
  /** `default` for a default export; `*` for `export * from`. Python: each top-level name (all are importable). */
  readonly name: string;
  /** Name inside the file, where it differs. */
  readonly local?: string;
  readonly kind: 'function' | 'class' | 'value' | 'type' | 'reexport';
  readonly async?: true;
  /** Its value is a stand-in: `null as any`, `{} as X`, a body of `pass`, `...`, `raise NotImplementedError`, `throw new Error('not implemented')`, a constant empty return. */
  readonly stub?: true;
  readonly at: Span;
}

export interface Scope {
  readonly kind: 'module' | 'class' | 'function';
  /** '' where it has none. */
  readonly name: string;
  /** Index of the scope around it; the module (index 0) has -1. */
  readonly parent: number;
  readonly at: Span;
  /** 1-based, inclusive. */
  readonly lastLine: number;
  readonly params?: readonly Param[];
  readonly async?: true;
  readonly returns?: readonly Expr[];
  readonly decorators?: readonly Expr[];
  /** Base classes. */
  readonly bases?: readonly Expr[];
}

export interface Param {
  readonly name: string;
  readonly default?: Expr;
  /** `*args`, `**kwargs`, `...rest`. */
  readonly rest?: true;
  /** Destructured `{ path = 'x' }`: the property it is taken from, its position being the whole object's. */
  readonly property?: string;
  /** Which argument it comes from, where that is not its own place in the list: names taken from one object share it. */
  readonly position?: number;
  /** A type as written, short: `Session`, `Knex`. */
  readonly type?: string;
}

export interface Assign {
  readonly scope: number;
  /** `DB`, `self.path`, `this.db`, `app.config["SQLALCHEMY_DATABASE_URI"]`, `module.exports.db`, `Config.URL`: as written, spaces and quotes normalised (`"`). */
  readonly to: string;
  readonly value: Expr;
  readonly at: Span;
  /** Inside if/try/loop/switch: may not happen. */
  readonly maybe?: true;
  /** Where the block ends that may not run: from the assignment to there it surely happened. A loop's variable: the loop's end. */
  readonly until?: number;
  /** `+=`, `||=`, `.push`: adds to what was there. */
  readonly adds?: true;
  /** The type written beside it, short (Python class attributes, TypeScript). */
  readonly type?: string;
}

/** An expression that stands alone, in a condition, a loop's head or a `with` (then `as` is the name that it gets). */
export interface Statement {
  readonly scope: number;
  readonly value: Expr;
  readonly at: Span;
  readonly maybe?: true;
  readonly as?: string;
  /** Stands in the condition of an if/while/assert/guard. */
  readonly test?: true;
}

/** A text in code, config or prose that names a file, a database URL or a variable in a way that may mean a store. */
export interface TextFact {
  readonly v: string;
  readonly at: Span;
  readonly scope: number;
  /** Holes were in it: `cache_{}.db`. */
  readonly holes?: true;
  /** Prose: comments, Markdown, docstrings, prompts. */
  readonly prose?: true;
}

/** A variable given a value outside of code. */
export interface VariableFact {
  readonly name: string;
  /** `null`: named without a value (passed through from outside). `${X:-d}` stays as written. */
  readonly value: string | null;
  readonly at: Span;
  /** Where it holds: '' for the whole file, else the label of a stage, service or job of this file (see CommandFact.by). */
  readonly by: string;
  /** Known while an image is built, no longer when it runs: `ARG`. */
  readonly build?: true;
}

/** A command that something runs: entry points, working directories and variables come from these. */
export interface CommandFact {
  /** `service web`, `stage 0`, `script dev`, `job test`, `target run`, `unit`, `cron`, `line` (shell), `docs`. */
  readonly by: string;
  /** What is run, split as a POSIX shell would, expansions left as written. */
  readonly words: readonly string[];
  /** Variables set for this command alone (`A=1 cmd`), and those in force by `export` before it. */
  readonly env: Readonly<Record<string, string>>;
  /**
   * As written by `cd`, `working_dir`, `WORKDIR`; relative to the folder that the file's commands start in. However a shell
   * spells them, the script's own folder is `$(dirname "$0")` and the top of the tree `$(git rev-parse --show-toplevel)`.
   */
  readonly cwd?: string;
  readonly at: Span;
  /** Files of variables read for it (`dotenv -e f --`, `. ./.env`, `--env-file f`), relative to `cwd`; the last one wins. */
  readonly envFiles?: readonly string[];
  /** Prose that tells a person to run it. */
  readonly weak?: true;
}

/** A container or host that commands run in. */
export interface PlaceFact {
  /** As in CommandFact.by: `service web`, `stage 1`. */
  readonly label: string;
  readonly at: Span;
  /** compose: the build folder and Dockerfile, relative to the compose file. */
  readonly build?: string;
  readonly dockerfile?: string;
  /** compose: the stage that is built; without it the last one. */
  readonly target?: string;
  readonly image?: string;
  /** compose: `container_name`. */
  readonly container?: string;
  /** Dockerfile: earlier stage it starts from. compose: `extends`. */
  readonly from?: string;
  readonly workdir?: string;
  /** Where `workdir` is said: the instruction or the value, of an earlier stage where it is inherited. */
  readonly workdirAt?: Span;
  readonly envFiles?: readonly { readonly path: string; readonly at: Span }[];
  /** Bind mounts (source relative to the compose file or absolute) and named volumes (`named`). */
  readonly mounts?: readonly {
    readonly source: string;
    readonly target: string;
    readonly named?: true;
    readonly readOnly?: true;
    readonly at: Span;
  }[];
  /** Dockerfile COPY/ADD: from the build folder into the image. */
  readonly copies?: readonly {
    readonly from: readonly string[];
    readonly to: string;
    readonly stage?: string;
    readonly at: Span;
  }[];
  readonly replicas?: number;
}

/** A table that code declares in other ways than SQL: an ORM's class, a schema file. */
export interface TableFact {
  readonly table: string;
  readonly by: string;
  readonly columns: readonly DdlColumn[];
  readonly at: Span;
}

/** Something a file says of a path or module that is no import: COPY, script paths, includes, links. */
export interface ReferenceFact {
  readonly target: string;
  readonly kind: 'script' | 'copy' | 'include' | 'config' | 'link';
  readonly at: Span;
}

export type ReadQuality =
  /** The whole structure was read. */
  | 'structure'
  /** Names and texts only: nothing in it looks as if it had to do with stores. */
  | 'outline'
  /** It does not parse; read by tokens. `problem` says why. */
  | 'tokens'
  /** Too large, binary or generated: not read. `problem` says why. */
  | 'none';

export interface FileFacts {
  readonly language: LanguageId;
  readonly read: ReadQuality;
  /** `line 12: unexpected indent`; set for `tokens` and `none`. */
  readonly problem?: string;
  readonly lines: number;
  readonly imports: readonly ImportFact[];
  readonly exports: readonly ExportFact[];
  /** [0] is the module. Empty scopes, assigns and statements for an outline. */
  readonly scopes: readonly Scope[];
  readonly assigns: readonly Assign[];
  readonly statements: readonly Statement[];
  readonly texts: readonly TextFact[];
  /** SQL of a file that is SQL (in code it is inside expressions). */
  readonly sql: readonly SqlUse[];
  readonly variables: readonly VariableFact[];
  readonly commands: readonly CommandFact[];
  readonly places: readonly PlaceFact[];
  readonly tables: readonly TableFact[];
  readonly references: readonly ReferenceFact[];
  /** `if __name__ == "__main__"`, a `#!` line. */
  readonly runnable?: true;
  /** Says of itself that a program wrote it. */
  readonly generated?: true;
  /** Values of a settings file (TOML, INI, YAML, JSON, Prisma): dotted key → text. Only those that may name stores, modules or scripts. */
  readonly settings?: readonly { readonly key: string; readonly v: string; readonly at: Span }[];
}

/** What a front end reads. `outline` is asked of every file and must be fast; `structure` of those that may have to do with stores. */
export interface Language {
  readonly id: LanguageId;
  outline(text: string, name: string): FileFacts;
  /** Falls back to `tokens` by itself; never throws for what is in a file. */
  structure(text: string, name: string): FileFacts;
}
