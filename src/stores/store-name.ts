/** Names that say "database" to a person; what a file is, its content says. */
export const STORE_NAME: RegExp = /\.(db|db3|sqlite|sqlite3|s3db|sl3|database)$/i;
