/** A plan of the documentation: everything that may stand in one, with comments where people put them. */
export const PLAN_TEXT = `# desprawl plan · kiosk · 3 actions, 2 decisions (1 open)
# Ours: done by Ada and Ben.
version: 1
plan: kiosk-7c1e

decisions:
  # which one?
  - decision: app-db
    question: Which one shall backend/worker.py open?
    evidence: [backend/worker.py:11, "Makefile:14"]
    proposal: backend
    choices:
      backend: it names backend/app.db   # the newer one
      root: it names ./app.db
    chosen:            # ask Chloe

  - decision: untrack-auth
    question: How do other checkouts keep data/auth.db?
    choices: { note: a note, leave: it stays tracked }
    chosen: note            # Ada, 21 Nov

actions:
  # - 13 files, one content
  - archive: backups/hub-*.db
    except: [backups/hub-2.db]
    id: archive-backups
    files: 13
    reason: 13 backups of one content     # backup-residue
    undo: put back from the vault
    takes: 0.2 s
    risk: low                # nothing opens them

  - remove: "services/hub.db"
    id: remove-empty-hub
    after: [archive-backups]
    left:
      - scripts/import_legacy.py:9        legacy importer
    reason: 0 bytes
    phase: 2
    owner: ada
    due: 2026-12-01

  - {untrack: data/auth.db, id: untrack-auth-db, needs: {untrack-auth: note}, skip: true}

checks: [tests]        # of desprawl.yaml
approvals: []
`;
