# Telethon (Python). Once: pip install telethon==1.45.0
# Then: python with_telethon.py NUMBER CODE    signs in and writes to your Saved Messages
import sys

from telethon.crypto import rsa
from telethon.network import ConnectionTcpObfuscated
from telethon.sessions import SQLiteSession
from telethon.sync import TelegramClient

PEM = """@PEM@"""
rsa.add_key(PEM.encode(), old=False)

number, code = sys.argv[1:3]
session = SQLiteSession("telethon")
if not session.auth_key:
    session.set_dc(@DC@, "@HOST@", @PORT@)
client = TelegramClient(session, 1, "none", connection=ConnectionTcpObfuscated)
client.start(phone=number, code_callback=lambda: code)
me = client.get_me()
client.send_message("me", "hello from Telethon")
print("signed in as", me.first_name)
client.disconnect()
