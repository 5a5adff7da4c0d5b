# Kurigram, the Pyrogram that is kept up (Python). Once: pip install kurigram==2.2.26
# Then: python with_kurigram.py NUMBER CODE    signs in and writes to your Saved Messages
import sys

from pyrogram import Client
from pyrogram.crypto import rsa

rsa.server_public_keys[@SIGNED@] = rsa.PublicKey(@N@, @E@)


def always(value):
    async def stored(*_):
        return value

    return stored


number, code = sys.argv[1:3]
client = Client("kurigram", api_id=1, api_hash="none", phone_number=number, phone_code=code)
client.storage.dc_id = always(@DC@)
client.storage.server_address = always("@HOST@")
client.storage.port = always(@PORT@)
with client:
    client.send_message("me", "hello from Kurigram")
    print("signed in as", client.me.first_name)
