"""Runs in the assistant's environment, with the library that Rasa installs there.

`with_aiogram.py URL TOKEN CHAT PHOTO_URL BLOCKED FLOODED QUERY` prints what came of it.
"""

import asyncio
import io
import json
import sys

from aiogram import Bot
from aiogram.bot.api import TelegramAPIServer
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, InputFile, Update
from aiogram.utils.exceptions import TelegramAPIError


async def run(url, token, chat, photo_url, blocked, flooded, query):
    """What the library makes of each answer."""
    bot = Bot(token, server=TelegramAPIServer.from_base(url))
    picture = sys.stdin.buffer.read()
    keyboard = InlineKeyboardMarkup()
    keyboard.add(InlineKeyboardButton("Yes", callback_data="b:1"))
    found = {"me": (await bot.get_me()).username}
    message = await bot.send_message(chat, "Which?", reply_markup=keyboard)
    found["text"], found["chat"] = message.text, message.chat.id
    found["button"] = message.reply_markup.inline_keyboard[0][0].callback_data
    file = InputFile(io.BytesIO(picture), "kettle.png")
    message = await bot.send_photo(chat, file, caption="bytes")
    found["caption"] = message.caption
    downloaded = await bot.download_file_by_id(message.photo[-1].file_id)
    found["same"] = downloaded.read() == picture
    message = await bot.send_photo(chat, photo_url, caption="by address")
    found["width"] = message.photo[-1].width
    found["answered"] = await bot.answer_callback_query(query)
    await bot.set_webhook("https://shop.example/hook", allowed_updates=["message"])
    webhook = await bot.get_webhook_info()
    found["webhook"], found["allowed"] = webhook.url, webhook.allowed_updates
    found["refused"] = [
        await refusal(bot.send_message(blocked, "hello")),
        await refusal(bot.send_message(1, "hello")),
        await refusal(bot.send_message(flooded, "hello")),
        await refusal(bot.send_message(chat, "")),
        await refusal(bot.send_message(chat, "x" * 4097)),
        await refusal(bot.send_photo(chat, "https://127.0.0.1:1/gone.png")),
        await refusal(bot.answer_callback_query("0")),
        await refusal(bot.get_file("nothing")),
    ]
    await bot.session.close()
    stranger = Bot("1:" + "A" * 35, server=TelegramAPIServer.from_base(url))
    found["refused"].append(await refusal(stranger.get_me()))
    await stranger.session.close()
    return found


async def refusal(call):
    """The name of the library's exception."""
    try:
        await call
    except TelegramAPIError as error:
        return type(error).__name__
    return "nothing"


def read(update):
    """What the library reads of an update."""
    known = Update.to_object(update)
    message = known.message or known.edited_message or known.callback_query.message
    return [known.update_id, message.chat.type, message.content_type]


if __name__ == "__main__":
    if sys.argv[1] == "read":
        print(json.dumps([read(one) for one in json.load(sys.stdin)]))
    else:
        print(json.dumps(asyncio.run(run(*sys.argv[1:]))))
