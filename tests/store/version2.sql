-- A study database as the program of version 2 of its tables left it. Never edit.
BEGIN TRANSACTION;
CREATE TABLE attempts (id INTEGER PRIMARY KEY, question_id TEXT NOT NULL, answer TEXT NOT NULL, correct INTEGER, seconds REAL, created_at TEXT NOT NULL);
INSERT INTO "attempts" VALUES(1,'os-vm-0001','B',1,12.25,'2026-11-01T09:00:00.000000+00:00');
INSERT INTO "attempts" VALUES(2,'os-vm-0001','C',0,3.0,'2026-11-02T09:00:00.000000+00:00');
INSERT INTO "attempts" VALUES(3,'ds-big-0001','见纸上',NULL,NULL,'2026-11-02T09:00:00.000000+00:00');
CREATE TABLE conversations (id TEXT PRIMARY KEY, title TEXT NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL, deleted_at TEXT);
INSERT INTO "conversations" VALUES('abc','死锁','2026-11-01T08:00:00.000000+00:00','2026-11-01T08:00:09.000000+00:00',NULL);
CREATE TABLE messages (id INTEGER PRIMARY KEY, conversation_id TEXT NOT NULL REFERENCES conversations(id) ON DELETE CASCADE, role TEXT NOT NULL, content TEXT NOT NULL, result TEXT, created_at TEXT NOT NULL);
INSERT INTO "messages" VALUES(7,'abc','user','什么是死锁？',NULL,'2026-11-01T08:00:01.000000+00:00');
INSERT INTO "messages" VALUES(8,'abc','assistant','互相等待。','{"refused": false}','2026-11-01T08:00:09.000000+00:00');
CREATE TABLE schema_version (version INTEGER NOT NULL);
INSERT INTO "schema_version" VALUES(1);
INSERT INTO "schema_version" VALUES(2);
CREATE INDEX messages_conversation ON messages(conversation_id, id);
CREATE INDEX attempts_question ON attempts(question_id, id);
COMMIT;
