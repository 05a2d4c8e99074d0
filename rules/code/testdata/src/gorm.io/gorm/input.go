package gorm

func (db *DB) Raw(sql string, values ...any) *DB { return db }

func (db *DB) Exec(sql string, values ...any) *DB { return db }

func (db *DB) Or(q any, args ...any) *DB { return db }

func (db *DB) Order(v any) *DB { return db }

func (db *DB) Group(name string) *DB { return db }

func (db *DB) Having(q any, args ...any) *DB { return db }

func (db *DB) Joins(q string, args ...any) *DB { return db }

func (db *DB) Select(q any, args ...any) *DB { return db }

func (db *DB) Table(name string, args ...any) *DB { return db }

func (db *DB) Pluck(column string, dest any) *DB { return db }

func (db *DB) Find(v any, conds ...any) *DB { return db }

func (db *DB) Delete(v any, conds ...any) *DB { return db }

func (db *DB) Limit(n int) *DB { return db }

func (db *DB) Scan(dest any) *DB { return db }
