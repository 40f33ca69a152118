-- session_id of the one who waits: y6IRJjKC2fg8G8OTu37tBTE0x6CgeDhx
BEGIN TRANSACTION;
CREATE TABLE agents (
	agent_id VARCHAR(64) NOT NULL, 
	email VARCHAR(320) NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	team VARCHAR(100), 
	role VARCHAR(20) NOT NULL, 
	password_hash VARCHAR(300) NOT NULL, 
	status VARCHAR(20) NOT NULL, 
	capacity INTEGER NOT NULL, 
	CONSTRAINT pk_agents PRIMARY KEY (agent_id), 
	CONSTRAINT uq_agents_email UNIQUE (email)
);
INSERT INTO "agents" VALUES('acedd9c4549d06be','maria@example.com','Maria','returns','agent','$argon2id$v=19$m=65536,t=3,p=4$YdOweK2Qx6Ku56KMn5l06w$28/tIZy9QgGikDsK44bn13VkAzCLfL3m5J/4zJbgjwk','offline',9);
INSERT INTO "agents" VALUES('146349d0171b7dd9','sam@example.com','Sam','orders','agent','$argon2id$v=19$m=65536,t=3,p=4$SQBXJwYTsioXxB0Q8SrjkA$wHeqToUHeNG7FW5RvFMreh+7BVU1HM5gD3WFsRIlHSk','offline',5);
INSERT INTO "agents" VALUES('a3ac7a5bf296c1f3','dana@example.com','Dana',NULL,'supervisor','$argon2id$v=19$m=65536,t=3,p=4$VA9TuHNjeDF7bR/EGcn6cA$XT5yZsHxh2EalLK9eTMd4NyCbmJ3NXDeHRLdFZfxxZE','offline',5);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0005');
CREATE TABLE attachments (
	attachment_id VARCHAR(64) NOT NULL, 
	conversation_id VARCHAR(64) NOT NULL, 
	content_type VARCHAR(40) NOT NULL, 
	size INTEGER NOT NULL, 
	width INTEGER NOT NULL, 
	height INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_attachments PRIMARY KEY (attachment_id), 
	CONSTRAINT fk_attachments_conversation_id FOREIGN KEY(conversation_id) REFERENCES conversations (conversation_id)
);
INSERT INTO "attachments" VALUES('98e54bac606949ff20fd8b5fb63a7b9f','972c4f153de6393fb0f44c12671d7e02','image/jpeg',729,40,20,'2026-11-27 14:14:40.845897');
CREATE TABLE calls (
	agent_id VARCHAR(64) NOT NULL, 
	client_id VARCHAR(100) NOT NULL, 
	ack JSON NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_calls PRIMARY KEY (agent_id, client_id)
);
INSERT INTO "calls" VALUES('acedd9c4549d06be','5a4303c33166','{"ok": true, "status": "available", "capacity": 9}','2026-11-27 14:14:40.774420');
INSERT INTO "calls" VALUES('acedd9c4549d06be','bdcfa1a6e32b','{"ok": true, "handoff_id": "d8a2df268c1ff7628af440ae", "conversation_id": "972c4f153de6393fb0f44c12671d7e02", "state": "claimed", "handoff": {"handoff_id": "d8a2df268c1ff7628af440ae", "conversation_id": "972c4f153de6393fb0f44c12671d7e02", "state": "claimed", "trigger": "flooded_cellar", "triggers": ["flooded_cellar"], "label": "Flooded cellar", "labels": {"flooded_cellar": {"en": "Flooded cellar", "de": "Keller unter Wasser"}}, "skill": "pumps", "reason": "Flooded cellar", "priority": 7, "agent": {"agent_id": "acedd9c4549d06be", "name": "Maria"}, "customer": {"language": "de-AT"}, "channel": "web", "order_number": "100234", "queued_at": "2026-11-27T14:14:40.877Z", "claimed_at": "2026-11-27T14:14:40.893Z", "last_seq": 20, "last_message": {"text": "Sie sind an erster Stelle in der Warteschlange. Unser Team liest alles Bisherige, Sie m\u00fcssen also nichts wiederholen.", "sender": "system", "at": "2026-11-27T14:14:40.877Z"}}}','2026-11-27 14:14:40.907037');
INSERT INTO "calls" VALUES('acedd9c4549d06be','a745ebce00f2','{"ok": true, "handoff_id": "d8a2df268c1ff7628af440ae", "conversation_id": "972c4f153de6393fb0f44c12671d7e02", "state": "returned", "handoff": {"handoff_id": "d8a2df268c1ff7628af440ae", "conversation_id": "972c4f153de6393fb0f44c12671d7e02", "state": "returned", "trigger": "flooded_cellar", "triggers": ["flooded_cellar"], "label": "Flooded cellar", "labels": {"flooded_cellar": {"en": "Flooded cellar", "de": "Keller unter Wasser"}}, "skill": "pumps", "reason": "Flooded cellar", "priority": 7, "agent": {"agent_id": "acedd9c4549d06be", "name": "Maria"}, "customer": {"language": "de-AT"}, "channel": "web", "order_number": "100234", "queued_at": "2026-11-27T14:14:40.877Z", "claimed_at": "2026-11-27T14:14:40.893Z", "ended_at": "2026-11-27T14:14:40.931Z", "disposition": "resolved", "outcome": "A pump is on its way.", "last_seq": 26, "last_message": {"text": "thank you", "sender": "customer", "at": "2026-11-27T14:14:40.917Z"}}}','2026-11-27 14:14:40.938861');
INSERT INTO "calls" VALUES('acedd9c4549d06be','d5602fb7ba4d','{"ok": true, "handoff_id": "97fc6a233f990334bbbb317a", "conversation_id": "8f6a2b096a75d55ebe08d2623c9c583e", "state": "claimed", "handoff": {"handoff_id": "97fc6a233f990334bbbb317a", "conversation_id": "8f6a2b096a75d55ebe08d2623c9c583e", "state": "claimed", "trigger": "bot_failure", "triggers": ["bot_failure"], "label": "Bot failure", "reason": "The assistant could not answer: it failed", "priority": 0, "agent": {"agent_id": "acedd9c4549d06be", "name": "Maria"}, "customer": {"name": "Jo Marsh"}, "channel": "web", "queued_at": "2026-11-27T14:14:41.966Z", "claimed_at": "2026-11-27T14:14:41.984Z", "last_seq": 6, "last_message": {"text": "You''re first in line. A colleague will read everything so far, so you won''t need to repeat it.", "sender": "system", "at": "2026-11-27T14:14:41.966Z"}}}','2026-11-27 14:14:41.996418');
INSERT INTO "calls" VALUES('acedd9c4549d06be','91338efa3542','{"ok": true, "handoff_id": "97fc6a233f990334bbbb317a", "conversation_id": "8f6a2b096a75d55ebe08d2623c9c583e", "state": "closed", "handoff": {"handoff_id": "97fc6a233f990334bbbb317a", "conversation_id": "8f6a2b096a75d55ebe08d2623c9c583e", "state": "closed", "trigger": "bot_failure", "triggers": ["bot_failure"], "label": "Bot failure", "reason": "The assistant could not answer: it failed", "priority": 0, "agent": {"agent_id": "acedd9c4549d06be", "name": "Maria"}, "customer": {"name": "Jo Marsh"}, "channel": "web", "queued_at": "2026-11-27T14:14:41.966Z", "claimed_at": "2026-11-27T14:14:41.984Z", "ended_at": "2026-11-27T14:14:41.999Z", "disposition": "follow_up", "last_seq": 9, "last_message": {"text": "Maria from the returns team has joined and has read the chat.", "sender": "system", "at": "2026-11-27T14:14:41.984Z"}}}','2026-11-27 14:14:42.006087');
CREATE TABLE "conversations" (
	conversation_id VARCHAR(64) NOT NULL, 
	channel VARCHAR(40) NOT NULL, 
	address VARCHAR(200) NOT NULL, 
	customer_id VARCHAR(64), 
	owner VARCHAR(10) NOT NULL, 
	agent_id VARCHAR(64), 
	epoch INTEGER NOT NULL, 
	last_seq INTEGER NOT NULL, 
	last_visible_seq INTEGER NOT NULL, 
	last_customer_seq INTEGER NOT NULL, 
	synced_seq INTEGER NOT NULL, 
	introduced BOOLEAN NOT NULL, 
	expects_code BOOLEAN NOT NULL, 
	needs_catch_up BOOLEAN NOT NULL, 
	new_session_due BOOLEAN NOT NULL, 
	language VARCHAR(20), 
	timezone VARCHAR(60), 
	created_at DATETIME NOT NULL, 
	open_question VARCHAR(24), 
	last_bot_seq INTEGER, 
	last_bot_at DATETIME, 
	session_generation INTEGER NOT NULL, 
	forget_due BOOLEAN NOT NULL, 
	signed_until DATETIME, locale VARCHAR(40), 
	CONSTRAINT pk_conversations PRIMARY KEY (conversation_id), 
	CONSTRAINT fk_conversations_customer_id FOREIGN KEY(customer_id) REFERENCES customers (customer_id), 
	CONSTRAINT uq_conversations_channel_address UNIQUE (channel, address)
);
INSERT INTO "conversations" VALUES('972c4f153de6393fb0f44c12671d7e02','web','b26d8dc8b017ee83332192d2fd5be3d5',NULL,'bot',NULL,3,31,30,26,26,1,0,0,0,'de-AT','Europe/Vienna','2026-11-27 14:14:40.778950',NULL,30,'2026-11-27 14:14:40.931054',0,0,NULL,'de-AT');
INSERT INTO "conversations" VALUES('8f6a2b096a75d55ebe08d2623c9c583e','web','b2dc8a8d74dc3eaa92eff51abeec827a','C-1007','closed',NULL,3,13,12,1,0,0,0,1,0,NULL,NULL,'2026-11-27 14:14:40.950299',NULL,NULL,NULL,0,0,'2026-11-27 14:20:40.000000',NULL);
INSERT INTO "conversations" VALUES('fda2c7426bf97aeef5c534ee3a27e2b1','web','673d55162ac3448bed44469a0e7e9ee4',NULL,'bot',NULL,2,11,11,1,0,1,0,1,0,NULL,NULL,'2026-11-27 14:14:42.009562',NULL,4,'2026-11-27 14:14:42.020555',0,0,NULL,NULL);
INSERT INTO "conversations" VALUES('de34af05757ef82bb386c48c0916f818','web','af2b833c550685b2acdf3a2008203976',NULL,'queue',NULL,1,8,8,8,0,1,0,1,0,NULL,NULL,'2026-11-27 14:14:42.049571',NULL,4,'2026-11-27 14:14:42.061455',0,0,NULL,NULL);
CREATE TABLE customers (
	customer_id VARCHAR(64) NOT NULL, 
	name VARCHAR(200), 
	email VARCHAR(320), 
	tier VARCHAR(40), 
	language VARCHAR(20), 
	CONSTRAINT pk_customers PRIMARY KEY (customer_id)
);
INSERT INTO "customers" VALUES('C-1007','Jo Marsh','jo@example.com',NULL,NULL);
CREATE TABLE events (
	conversation_id VARCHAR(64) NOT NULL, 
	seq INTEGER NOT NULL, 
	type VARCHAR(40) NOT NULL, 
	at DATETIME NOT NULL, 
	actor_type VARCHAR(10) NOT NULL, 
	actor_id VARCHAR(64), 
	actor_name VARCHAR(200), 
	message_id VARCHAR(200), 
	prev INTEGER, 
	data JSON NOT NULL, 
	CONSTRAINT pk_events PRIMARY KEY (conversation_id, seq), 
	CONSTRAINT fk_events_conversation_id FOREIGN KEY(conversation_id) REFERENCES conversations (conversation_id)
);
INSERT INTO "events" VALUES('972c4f153de6393fb0f44c12671d7e02',1,'message','2026-11-27 14:14:40.787968','customer',NULL,NULL,'30aa82049e2f6f694ddde23a',0,'{"text": "where is my order 100234"}');
INSERT INTO "events" VALUES('972c4f153de6393fb0f44c12671d7e02',2,'turn','2026-11-27 14:14:40.802029','bot',NULL,NULL,'30aa82049e2f6f694ddde23a',NULL,'{"intent": {"name": "order_status", "confidence": 0.93}, "slots": {"order_number": "100234", "authentication": {"level": "verified"}}, "turns": 1, "intent_ranking": [{"name": "order_status", "confidence": 0.93}], "entities": [{"entity": "order_number", "value": "100234", "start": 0, "end": 6}], "sentiment": {"label": "negative", "score": -0.6}, "actions": [{"name": "action_order_status", "policy": "RulePolicy", "confidence": 1.0, "events": 1, "result": "utter_action_order_status", "arguments": {"order_number": "100234"}}], "slots_set": {"order_number": "100234"}, "articles": [{"article_id": "returns", "title": "Returns", "score": 0.7, "answer": "30"}], "duration_ms": 4, "epoch": 0}');
INSERT INTO "events" VALUES('972c4f153de6393fb0f44c12671d7e02',3,'message','2026-11-27 14:14:40.802029','bot',NULL,NULL,NULL,1,'{"text": "Hallo, ich bin Pine, der automatische Assistent von Harbour & Pine. Ich helfe bei Bestellungen, R\u00fccksendungen, Erstattungen und Ihrem Konto, und Sie k\u00f6nnen jederzeit nach einem Menschen fragen.", "key": "introduction"}');
INSERT INTO "events" VALUES('972c4f153de6393fb0f44c12671d7e02',4,'message','2026-11-27 14:14:40.802029','bot',NULL,NULL,'bot:30aa82049e2f6f694ddde23a:0',3,'{"text": "It comes on Friday."}');
INSERT INTO "events" VALUES('972c4f153de6393fb0f44c12671d7e02',5,'message','2026-11-27 14:14:40.811549','customer',NULL,NULL,'ae21d0555cc44aa70613a40c',4,'{"text": "my card is [card number removed, ends in 1111]", "redacted": ["card"]}');
INSERT INTO "events" VALUES('972c4f153de6393fb0f44c12671d7e02',6,'message','2026-11-27 14:14:40.811549','system',NULL,NULL,NULL,5,'{"text": "Zu Ihrer Sicherheit haben wir das aus Ihrer Nachricht entfernt: eine Kartennummer. Niemand hier kann es sehen, und Sie brauchen es in diesem Chat nie anzugeben.", "key": "removed", "values": {"what": "eine Kartennummer"}}');
INSERT INTO "events" VALUES('972c4f153de6393fb0f44c12671d7e02',7,'turn','2026-11-27 14:14:40.820877','bot',NULL,NULL,'ae21d0555cc44aa70613a40c',NULL,'{"intent": {"name": "greet", "confidence": 0.93}, "slots": {"order_number": "100234", "authentication": {"level": "verified"}}, "turns": 1, "intent_ranking": [{"name": "greet", "confidence": 0.93}], "entities": [{"entity": "order_number", "value": "100234", "start": 0, "end": 6}], "sentiment": {"label": "negative", "score": -0.6}, "actions": [], "slots_set": {"order_number": "100234"}, "articles": [{"article_id": "returns", "title": "Returns", "score": 0.7, "answer": "30"}], "duration_ms": 2, "epoch": 0}');
INSERT INTO "events" VALUES('972c4f153de6393fb0f44c12671d7e02',8,'message','2026-11-27 14:14:40.820877','bot',NULL,NULL,'bot:ae21d0555cc44aa70613a40c:0',6,'{"text": "You said: my card is [card number removed, ends in 1111]"}');
INSERT INTO "events" VALUES('972c4f153de6393fb0f44c12671d7e02',9,'message','2026-11-27 14:14:40.825401','customer',NULL,NULL,'93e11afffe606076f4eaca64',8,'{"text": "cancel it"}');
INSERT INTO "events" VALUES('972c4f153de6393fb0f44c12671d7e02',10,'turn','2026-11-27 14:14:40.831832','bot',NULL,NULL,'93e11afffe606076f4eaca64',NULL,'{"intent": {"name": "cancel_order", "confidence": 0.93}, "slots": {"order_number": "100234", "authentication": {"level": "verified"}}, "turns": 1, "active_loop": "cancel_form", "intent_ranking": [{"name": "cancel_order", "confidence": 0.93}], "entities": [{"entity": "order_number", "value": "100234", "start": 0, "end": 6}], "sentiment": {"label": "negative", "score": -0.6}, "actions": [], "slots_set": {"order_number": "100234"}, "articles": [{"article_id": "returns", "title": "Returns", "score": 0.7, "answer": "30"}], "duration_ms": 2, "epoch": 0}');
INSERT INTO "events" VALUES('972c4f153de6393fb0f44c12671d7e02',11,'message','2026-11-27 14:14:40.831832','bot',NULL,NULL,'bot:93e11afffe606076f4eaca64:0',9,'{"text": "Shall I cancel it?", "quick_replies": [{"content_type": "text", "title": "Yes", "payload": "button:cd2f00c6f1fe2ce9b4fd7677:0"}, {"content_type": "text", "title": "No", "payload": "button:cd2f00c6f1fe2ce9b4fd7677:1"}]}');
INSERT INTO "events" VALUES('972c4f153de6393fb0f44c12671d7e02',12,'message','2026-11-27 14:14:40.852155','customer',NULL,NULL,'6de4f214cc24ed0d73c0d7f8',11,'{"attachments": [{"attachment_id": "98e54bac606949ff20fd8b5fb63a7b9f", "content_type": "image/jpeg", "width": 40, "height": 20}]}');
INSERT INTO "events" VALUES('972c4f153de6393fb0f44c12671d7e02',13,'turn','2026-11-27 14:14:40.860608','bot',NULL,NULL,'6de4f214cc24ed0d73c0d7f8',NULL,'{"intent": {"name": "share_photo", "confidence": 0.93}, "slots": {"order_number": "100234", "authentication": {"level": "verified"}}, "turns": 1, "intent_ranking": [{"name": "share_photo", "confidence": 0.93}], "entities": [{"entity": "order_number", "value": "100234", "start": 0, "end": 6}], "sentiment": {"label": "negative", "score": -0.6}, "actions": [], "slots_set": {"order_number": "100234"}, "articles": [{"article_id": "returns", "title": "Returns", "score": 0.7, "answer": "30"}], "duration_ms": 2, "epoch": 0}');
INSERT INTO "events" VALUES('972c4f153de6393fb0f44c12671d7e02',14,'message','2026-11-27 14:14:40.860608','bot',NULL,NULL,'bot:6de4f214cc24ed0d73c0d7f8:0',12,'{"text": "A nice photo."}');
INSERT INTO "events" VALUES('972c4f153de6393fb0f44c12671d7e02',15,'message','2026-11-27 14:14:40.868061','customer',NULL,NULL,'0562a374942c8c568bfd12b6',14,'{"text": "there is water everywhere"}');
INSERT INTO "events" VALUES('972c4f153de6393fb0f44c12671d7e02',16,'turn','2026-11-27 14:14:40.877259','bot',NULL,NULL,'0562a374942c8c568bfd12b6',NULL,'{"intent": {"name": "flood", "confidence": 0.93}, "slots": {"order_number": "100234", "authentication": {"level": "verified"}}, "turns": 1, "trigger": {"triggers": [{"name": "flooded_cellar", "labels": {"en": "Flooded cellar", "de": "Keller unter Wasser"}, "priority": 7, "skill": "pumps"}], "evidence": {"centimetres": 40}}, "intent_ranking": [{"name": "flood", "confidence": 0.93}], "entities": [{"entity": "order_number", "value": "100234", "start": 0, "end": 6}], "sentiment": {"label": "negative", "score": -0.6}, "actions": [], "slots_set": {"order_number": "100234"}, "articles": [{"article_id": "returns", "title": "Returns", "score": 0.7, "answer": "30"}], "duration_ms": 2, "epoch": 0}');
INSERT INTO "events" VALUES('972c4f153de6393fb0f44c12671d7e02',17,'message','2026-11-27 14:14:40.877259','bot',NULL,NULL,'bot:0562a374942c8c568bfd12b6:0',15,'{"text": "I''m getting somebody."}');
INSERT INTO "events" VALUES('972c4f153de6393fb0f44c12671d7e02',18,'handoff_requested','2026-11-27 14:14:40.877259','system',NULL,NULL,'0562a374942c8c568bfd12b6',NULL,'{"handoff_id": "d8a2df268c1ff7628af440ae", "trigger": "flooded_cellar", "triggers": ["flooded_cellar"], "labels": {"flooded_cellar": {"en": "Flooded cellar", "de": "Keller unter Wasser"}}, "evidence": {"centimetres": 40}, "priority": 7}');
INSERT INTO "events" VALUES('972c4f153de6393fb0f44c12671d7e02',19,'owner_changed','2026-11-27 14:14:40.877259','system',NULL,NULL,'0562a374942c8c568bfd12b6',NULL,'{"from": "bot", "to": "queue", "reason": "flooded_cellar", "handoff_id": "d8a2df268c1ff7628af440ae", "epoch": 1}');
INSERT INTO "events" VALUES('972c4f153de6393fb0f44c12671d7e02',20,'message','2026-11-27 14:14:40.877259','system',NULL,NULL,NULL,17,'{"text": "Sie sind an erster Stelle in der Warteschlange. Unser Team liest alles Bisherige, Sie m\u00fcssen also nichts wiederholen.", "key": "waiting", "values": {"place": "erster"}}');
INSERT INTO "events" VALUES('972c4f153de6393fb0f44c12671d7e02',21,'handoff_updated','2026-11-27 14:14:40.893867','agent','acedd9c4549d06be','Maria',NULL,NULL,'{"handoff_id": "d8a2df268c1ff7628af440ae", "state": "claimed", "agent": {"id": "acedd9c4549d06be", "name": "Maria"}}');
INSERT INTO "events" VALUES('972c4f153de6393fb0f44c12671d7e02',22,'owner_changed','2026-11-27 14:14:40.893867','agent','acedd9c4549d06be','Maria',NULL,NULL,'{"from": "queue", "to": "agent", "reason": "claimed", "handoff_id": "d8a2df268c1ff7628af440ae", "agent": {"id": "acedd9c4549d06be", "name": "Maria"}, "epoch": 2}');
INSERT INTO "events" VALUES('972c4f153de6393fb0f44c12671d7e02',23,'message','2026-11-27 14:14:40.893867','system',NULL,NULL,NULL,20,'{"text": "Maria vom Team returns ist jetzt da und hat den Chat gelesen.", "key": "joined_team", "values": {"name": "Maria", "team": "returns"}}');
INSERT INTO "events" VALUES('972c4f153de6393fb0f44c12671d7e02',24,'note','2026-11-27 14:14:40.909067','agent','acedd9c4549d06be','Maria','agent:acedd9c4549d06be:9376a3963701',NULL,'{"text": "A nice one.", "client_id": "9376a3963701"}');
INSERT INTO "events" VALUES('972c4f153de6393fb0f44c12671d7e02',25,'message','2026-11-27 14:14:40.912544','agent','acedd9c4549d06be','Maria','agent:acedd9c4549d06be:2fa0c12e1c44',23,'{"text": "Hello, Maria here.", "client_id": "2fa0c12e1c44"}');
INSERT INTO "events" VALUES('972c4f153de6393fb0f44c12671d7e02',26,'message','2026-11-27 14:14:40.917802','customer',NULL,NULL,'f4725a76b2e1ad4f2005584e',25,'{"text": "thank you"}');
INSERT INTO "events" VALUES('972c4f153de6393fb0f44c12671d7e02',27,'handoff_updated','2026-11-27 14:14:40.931054','agent','acedd9c4549d06be','Maria',NULL,NULL,'{"handoff_id": "d8a2df268c1ff7628af440ae", "state": "returned", "disposition": "resolved", "outcome": "A pump is on its way.", "slots": {"order_number": "100235"}}');
INSERT INTO "events" VALUES('972c4f153de6393fb0f44c12671d7e02',28,'owner_changed','2026-11-27 14:14:40.931054','system',NULL,NULL,NULL,NULL,'{"from": "agent", "to": "bot", "reason": "returned", "handoff_id": "d8a2df268c1ff7628af440ae", "epoch": 3}');
INSERT INTO "events" VALUES('972c4f153de6393fb0f44c12671d7e02',29,'message','2026-11-27 14:14:40.931054','system',NULL,NULL,NULL,26,'{"text": "Maria hat den Chat verlassen. Pine, unser automatischer Assistent, ist wieder f\u00fcr Sie da.", "key": "returned", "values": {"name": "Maria"}}');
INSERT INTO "events" VALUES('972c4f153de6393fb0f44c12671d7e02',30,'message','2026-11-27 14:14:40.931054','bot',NULL,NULL,'bot:handback:d8a2df268c1ff7628af440ae:0',29,'{"text": "I''m back. A pump is on its way."}');
INSERT INTO "events" VALUES('972c4f153de6393fb0f44c12671d7e02',31,'survey','2026-11-27 14:14:40.943758','customer',NULL,NULL,NULL,NULL,'{"score": 5, "comment": "Good"}');
INSERT INTO "events" VALUES('8f6a2b096a75d55ebe08d2623c9c583e',1,'message','2026-11-27 14:14:40.957774','customer',NULL,NULL,'19e029f507a6da0634acf8f1',0,'{"text": "please fail"}');
INSERT INTO "events" VALUES('8f6a2b096a75d55ebe08d2623c9c583e',2,'turn_failed','2026-11-27 14:14:41.966201','system',NULL,NULL,'19e029f507a6da0634acf8f1',NULL,'{"reason": "error"}');
INSERT INTO "events" VALUES('8f6a2b096a75d55ebe08d2623c9c583e',3,'handoff_requested','2026-11-27 14:14:41.966201','system',NULL,NULL,'19e029f507a6da0634acf8f1',NULL,'{"handoff_id": "97fc6a233f990334bbbb317a", "trigger": "bot_failure", "triggers": ["bot_failure"], "labels": {}, "evidence": {"bot_failure": {"reason": "error"}}, "priority": 0}');
INSERT INTO "events" VALUES('8f6a2b096a75d55ebe08d2623c9c583e',4,'owner_changed','2026-11-27 14:14:41.966201','system',NULL,NULL,'19e029f507a6da0634acf8f1',NULL,'{"from": "bot", "to": "queue", "reason": "bot_failure", "handoff_id": "97fc6a233f990334bbbb317a", "epoch": 1}');
INSERT INTO "events" VALUES('8f6a2b096a75d55ebe08d2623c9c583e',5,'message','2026-11-27 14:14:41.966201','system',NULL,NULL,NULL,1,'{"text": "Sorry, I can''t get this done myself right now, so I''m bringing in a colleague.", "key": "bot_failure", "values": {}}');
INSERT INTO "events" VALUES('8f6a2b096a75d55ebe08d2623c9c583e',6,'message','2026-11-27 14:14:41.966201','system',NULL,NULL,NULL,5,'{"text": "You''re first in line. A colleague will read everything so far, so you won''t need to repeat it.", "key": "waiting", "values": {"place": "first"}}');
INSERT INTO "events" VALUES('8f6a2b096a75d55ebe08d2623c9c583e',7,'handoff_updated','2026-11-27 14:14:41.984046','agent','acedd9c4549d06be','Maria',NULL,NULL,'{"handoff_id": "97fc6a233f990334bbbb317a", "state": "claimed", "agent": {"id": "acedd9c4549d06be", "name": "Maria"}}');
INSERT INTO "events" VALUES('8f6a2b096a75d55ebe08d2623c9c583e',8,'owner_changed','2026-11-27 14:14:41.984046','agent','acedd9c4549d06be','Maria',NULL,NULL,'{"from": "queue", "to": "agent", "reason": "claimed", "handoff_id": "97fc6a233f990334bbbb317a", "agent": {"id": "acedd9c4549d06be", "name": "Maria"}, "epoch": 2}');
INSERT INTO "events" VALUES('8f6a2b096a75d55ebe08d2623c9c583e',9,'message','2026-11-27 14:14:41.984046','system',NULL,NULL,NULL,6,'{"text": "Maria from the returns team has joined and has read the chat.", "key": "joined_team", "values": {"name": "Maria", "team": "returns"}}');
INSERT INTO "events" VALUES('8f6a2b096a75d55ebe08d2623c9c583e',10,'note','2026-11-27 14:14:41.999535','agent','acedd9c4549d06be','Maria',NULL,NULL,'{"text": "Call back."}');
INSERT INTO "events" VALUES('8f6a2b096a75d55ebe08d2623c9c583e',11,'handoff_updated','2026-11-27 14:14:41.999535','agent','acedd9c4549d06be','Maria',NULL,NULL,'{"handoff_id": "97fc6a233f990334bbbb317a", "state": "closed", "disposition": "follow_up"}');
INSERT INTO "events" VALUES('8f6a2b096a75d55ebe08d2623c9c583e',12,'message','2026-11-27 14:14:41.999535','system',NULL,NULL,NULL,9,'{"text": "Maria has closed this chat. If anything else comes up, just write here.", "key": "closed", "values": {"name": "Maria"}}');
INSERT INTO "events" VALUES('8f6a2b096a75d55ebe08d2623c9c583e',13,'owner_changed','2026-11-27 14:14:41.999535','system',NULL,NULL,NULL,NULL,'{"from": "agent", "to": "closed", "reason": "closed", "handoff_id": "97fc6a233f990334bbbb317a", "epoch": 3}');
INSERT INTO "events" VALUES('fda2c7426bf97aeef5c534ee3a27e2b1',1,'message','2026-11-27 14:14:42.013364','customer',NULL,NULL,'d6c24e02ec617be977a14483',0,'{"text": "hello"}');
INSERT INTO "events" VALUES('fda2c7426bf97aeef5c534ee3a27e2b1',2,'turn','2026-11-27 14:14:42.020555','bot',NULL,NULL,'d6c24e02ec617be977a14483',NULL,'{"intent": {"name": "greet", "confidence": 0.93}, "slots": {"order_number": "100234", "authentication": {"level": "verified"}}, "turns": 1, "intent_ranking": [{"name": "greet", "confidence": 0.93}], "entities": [{"entity": "order_number", "value": "100234", "start": 0, "end": 6}], "sentiment": {"label": "negative", "score": -0.6}, "actions": [], "slots_set": {"order_number": "100234"}, "articles": [{"article_id": "returns", "title": "Returns", "score": 0.7, "answer": "30"}], "duration_ms": 2, "epoch": 0}');
INSERT INTO "events" VALUES('fda2c7426bf97aeef5c534ee3a27e2b1',3,'message','2026-11-27 14:14:42.020555','bot',NULL,NULL,NULL,1,'{"text": "Hi, I''m Pine, Harbour & Pine''s automated assistant. I can help with orders, returns, refunds and your account, and you can ask for a person at any time.", "key": "introduction"}');
INSERT INTO "events" VALUES('fda2c7426bf97aeef5c534ee3a27e2b1',4,'message','2026-11-27 14:14:42.020555','bot',NULL,NULL,'bot:d6c24e02ec617be977a14483:0',3,'{"text": "You said: hello"}');
INSERT INTO "events" VALUES('fda2c7426bf97aeef5c534ee3a27e2b1',5,'handoff_requested','2026-11-27 14:14:42.025156','system',NULL,NULL,NULL,NULL,'{"handoff_id": "2d3ccdd24c217d1add332237", "trigger": "customer_request", "triggers": ["customer_request"], "labels": {}, "evidence": {"source": "button"}, "priority": 0}');
INSERT INTO "events" VALUES('fda2c7426bf97aeef5c534ee3a27e2b1',6,'owner_changed','2026-11-27 14:14:42.025156','system',NULL,NULL,NULL,NULL,'{"from": "bot", "to": "queue", "reason": "customer_request", "handoff_id": "2d3ccdd24c217d1add332237", "epoch": 1}');
INSERT INTO "events" VALUES('fda2c7426bf97aeef5c534ee3a27e2b1',7,'message','2026-11-27 14:14:42.025156','system',NULL,NULL,NULL,4,'{"text": "I''m bringing in a colleague.", "key": "customer_request", "values": {}}');
INSERT INTO "events" VALUES('fda2c7426bf97aeef5c534ee3a27e2b1',8,'message','2026-11-27 14:14:42.025156','system',NULL,NULL,NULL,7,'{"text": "You''re first in line. A colleague will read everything so far, so you won''t need to repeat it.", "key": "waiting", "values": {"place": "first"}}');
INSERT INTO "events" VALUES('fda2c7426bf97aeef5c534ee3a27e2b1',9,'handoff_updated','2026-11-27 14:14:42.038432','system',NULL,NULL,NULL,NULL,'{"handoff_id": "2d3ccdd24c217d1add332237", "state": "abandoned"}');
INSERT INTO "events" VALUES('fda2c7426bf97aeef5c534ee3a27e2b1',10,'owner_changed','2026-11-27 14:14:42.038432','system',NULL,NULL,NULL,NULL,'{"from": "queue", "to": "bot", "reason": "abandoned", "handoff_id": "2d3ccdd24c217d1add332237", "epoch": 2}');
INSERT INTO "events" VALUES('fda2c7426bf97aeef5c534ee3a27e2b1',11,'message','2026-11-27 14:14:42.038432','system',NULL,NULL,NULL,8,'{"text": "You''ve left the line. Pine, our automated assistant, is back with you.", "key": "left_queue", "values": {}}');
INSERT INTO "events" VALUES('de34af05757ef82bb386c48c0916f818',1,'message','2026-11-27 14:14:42.053881','customer',NULL,NULL,'b53a2bad49f3e642052a40b7',0,'{"text": "hello"}');
INSERT INTO "events" VALUES('de34af05757ef82bb386c48c0916f818',2,'turn','2026-11-27 14:14:42.061455','bot',NULL,NULL,'b53a2bad49f3e642052a40b7',NULL,'{"intent": {"name": "greet", "confidence": 0.93}, "slots": {"order_number": "100234", "authentication": {"level": "verified"}}, "turns": 1, "intent_ranking": [{"name": "greet", "confidence": 0.93}], "entities": [{"entity": "order_number", "value": "100234", "start": 0, "end": 6}], "sentiment": {"label": "negative", "score": -0.6}, "actions": [], "slots_set": {"order_number": "100234"}, "articles": [{"article_id": "returns", "title": "Returns", "score": 0.7, "answer": "30"}], "duration_ms": 2, "epoch": 0}');
INSERT INTO "events" VALUES('de34af05757ef82bb386c48c0916f818',3,'message','2026-11-27 14:14:42.061455','bot',NULL,NULL,NULL,1,'{"text": "Hi, I''m Pine, Harbour & Pine''s automated assistant. I can help with orders, returns, refunds and your account, and you can ask for a person at any time.", "key": "introduction"}');
INSERT INTO "events" VALUES('de34af05757ef82bb386c48c0916f818',4,'message','2026-11-27 14:14:42.061455','bot',NULL,NULL,'bot:b53a2bad49f3e642052a40b7:0',3,'{"text": "You said: hello"}');
INSERT INTO "events" VALUES('de34af05757ef82bb386c48c0916f818',5,'handoff_requested','2026-11-27 14:14:42.067566','system',NULL,NULL,NULL,NULL,'{"handoff_id": "31eb33aa44dc0d56d166c4cb", "trigger": "restricted_topic", "triggers": ["restricted_topic", "negative_sentiment"], "labels": {}, "evidence": {"matched": "lawyer"}, "priority": 1}');
INSERT INTO "events" VALUES('de34af05757ef82bb386c48c0916f818',6,'owner_changed','2026-11-27 14:14:42.067566','system',NULL,NULL,NULL,NULL,'{"from": "bot", "to": "queue", "reason": "restricted_topic", "handoff_id": "31eb33aa44dc0d56d166c4cb", "epoch": 1}');
INSERT INTO "events" VALUES('de34af05757ef82bb386c48c0916f818',7,'message','2026-11-27 14:14:42.067566','system',NULL,NULL,NULL,4,'{"text": "You''re first in line. A colleague will read everything so far, so you won''t need to repeat it.", "key": "waiting", "values": {"place": "first"}}');
INSERT INTO "events" VALUES('de34af05757ef82bb386c48c0916f818',8,'message','2026-11-27 14:14:42.086755','customer',NULL,NULL,'e01d3ec22ed8e248937d5301',7,'{"text": "anybody there?"}');
CREATE TABLE handoffs (
	handoff_id VARCHAR(64) NOT NULL, 
	conversation_id VARCHAR(64) NOT NULL, 
	state VARCHAR(10) NOT NULL, 
	"trigger" VARCHAR(40) NOT NULL, 
	triggers JSON NOT NULL, 
	evidence JSON NOT NULL, 
	priority INTEGER NOT NULL, 
	message_id VARCHAR(200), 
	agent_id VARCHAR(64), 
	is_returning BOOLEAN NOT NULL, 
	waiting_seq INTEGER, 
	is_promised BOOLEAN NOT NULL, 
	queued_seq INTEGER NOT NULL, 
	queued_at DATETIME NOT NULL, 
	claimed_at DATETIME, 
	ended_at DATETIME, 
	disposition VARCHAR(40), 
	outcome TEXT, declared JSON, 
	CONSTRAINT pk_handoffs PRIMARY KEY (handoff_id), 
	CONSTRAINT fk_handoffs_conversation_id FOREIGN KEY(conversation_id) REFERENCES conversations (conversation_id)
);
INSERT INTO "handoffs" VALUES('d8a2df268c1ff7628af440ae','972c4f153de6393fb0f44c12671d7e02','returned','flooded_cellar','["flooded_cellar"]','{"centimetres": 40}',7,'0562a374942c8c568bfd12b6','acedd9c4549d06be',0,20,0,18,'2026-11-27 14:14:40.877259','2026-11-27 14:14:40.893867','2026-11-27 14:14:40.931054','resolved','A pump is on its way.','[{"name": "flooded_cellar", "labels": {"en": "Flooded cellar", "de": "Keller unter Wasser"}, "priority": 7, "skill": "pumps"}]');
INSERT INTO "handoffs" VALUES('97fc6a233f990334bbbb317a','8f6a2b096a75d55ebe08d2623c9c583e','closed','bot_failure','["bot_failure"]','{"bot_failure": {"reason": "error"}}',0,'19e029f507a6da0634acf8f1','acedd9c4549d06be',0,6,0,3,'2026-11-27 14:14:41.966201','2026-11-27 14:14:41.984046','2026-11-27 14:14:41.999535','follow_up',NULL,'[{"name": "bot_failure"}]');
INSERT INTO "handoffs" VALUES('2d3ccdd24c217d1add332237','fda2c7426bf97aeef5c534ee3a27e2b1','abandoned','customer_request','["customer_request"]','{"source": "button"}',0,NULL,NULL,0,8,0,5,'2026-11-27 14:14:42.025156',NULL,'2026-11-27 14:14:42.038432',NULL,NULL,'[{"name": "customer_request"}]');
INSERT INTO "handoffs" VALUES('31eb33aa44dc0d56d166c4cb','de34af05757ef82bb386c48c0916f818','queued','restricted_topic','["restricted_topic", "negative_sentiment"]','{"matched": "lawyer"}',1,NULL,NULL,0,7,0,5,'2026-11-27 14:14:42.067566',NULL,NULL,NULL,NULL,'[{"name": "restricted_topic"}, {"name": "negative_sentiment"}]');
CREATE TABLE offers (
	question VARCHAR(24) NOT NULL, 
	position INTEGER NOT NULL, 
	conversation_id VARCHAR(64) NOT NULL, 
	title TEXT NOT NULL, 
	command TEXT NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_offers PRIMARY KEY (question, position), 
	CONSTRAINT fk_offers_conversation_id FOREIGN KEY(conversation_id) REFERENCES conversations (conversation_id)
);
INSERT INTO "offers" VALUES('cd2f00c6f1fe2ce9b4fd7677',0,'972c4f153de6393fb0f44c12671d7e02','Yes','/affirm','2026-11-27 14:14:40.831832');
INSERT INTO "offers" VALUES('cd2f00c6f1fe2ce9b4fd7677',1,'972c4f153de6393fb0f44c12671d7e02','No','/deny','2026-11-27 14:14:40.831832');
CREATE TABLE "sessions" (
	token_hash VARCHAR(64) NOT NULL, 
	conversation_id VARCHAR(64) NOT NULL, 
	customer_id VARCHAR(64), 
	bare_seq INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	generation INTEGER NOT NULL, 
	CONSTRAINT pk_sessions PRIMARY KEY (token_hash), 
	CONSTRAINT fk_sessions_conversation_id FOREIGN KEY(conversation_id) REFERENCES conversations (conversation_id)
);
INSERT INTO "sessions" VALUES('e3494cfad44b85b09cc7478294e42139dd135a06bdc2505aa3568bd570f67bed','972c4f153de6393fb0f44c12671d7e02',NULL,0,'2026-11-27 14:14:40.781159',0);
INSERT INTO "sessions" VALUES('8b2ab2c30b909afa747aeadf4e1cf9b3cad0ce41e69dbe470d301ff6997dec68','8f6a2b096a75d55ebe08d2623c9c583e','C-1007',0,'2026-11-27 14:14:40.952545',0);
INSERT INTO "sessions" VALUES('d6a4eea19172607c5a08085678b31bef4f3dffb1f391bd0dd397e63c849e9b58','fda2c7426bf97aeef5c534ee3a27e2b1',NULL,0,'2026-11-27 14:14:42.010299',0);
INSERT INTO "sessions" VALUES('29e8534179444cc977bd8927684dcf0496a547247125a68d4b75c7bb9327f8e5','de34af05757ef82bb386c48c0916f818',NULL,0,'2026-11-27 14:14:42.050438',0);
CREATE TABLE turns (
	turn_id INTEGER NOT NULL, 
	conversation_id VARCHAR(64) NOT NULL, 
	message_id VARCHAR(200) NOT NULL, 
	kind VARCHAR(10) NOT NULL, 
	payload JSON NOT NULL, 
	leased_by VARCHAR(64), 
	leased_until DATETIME, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_turns PRIMARY KEY (turn_id), 
	CONSTRAINT fk_turns_conversation_id FOREIGN KEY(conversation_id) REFERENCES conversations (conversation_id), 
	CONSTRAINT uq_turns_conversation_id_message_id UNIQUE (conversation_id, message_id)
);
CREATE INDEX ix_calls_created_at ON calls (created_at);
CREATE INDEX ix_attachments_conversation_id ON attachments (conversation_id);
CREATE INDEX ix_events_at ON events (at);
CREATE INDEX ix_events_type_at ON events (type, at);
CREATE UNIQUE INDEX uq_events_message ON events (conversation_id, message_id) WHERE type = 'message';
CREATE INDEX ix_handoffs_agent_id ON handoffs (agent_id);
CREATE INDEX ix_handoffs_state ON handoffs (state);
CREATE UNIQUE INDEX uq_handoffs_open ON handoffs (conversation_id) WHERE state IN ('queued', 'offered', 'claimed', 'wrap_up');
CREATE INDEX ix_turns_conversation_id ON turns (conversation_id);
CREATE INDEX ix_offers_conversation_id ON offers (conversation_id);
CREATE INDEX ix_offers_created_at ON offers (created_at);
CREATE INDEX ix_sessions_conversation_id ON sessions (conversation_id);
COMMIT;
