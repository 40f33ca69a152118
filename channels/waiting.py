"""Hears what customers write while they wait for a person: mostly in silence.

What needs no word is not recorded: the tracker hears of it at the next hand-back, or
the message gets a turn of its own once the customer has left the line.
"""

from __future__ import annotations

from dataclasses import replace

from rasa.core.agent import Agent as RasaAgent

from channels.bridge_output import BridgeOutput
from channels.bridge_requests import MessageRequest
from channels.forgetting import forget
from channels.rasa_compat import ready_processor
from channels.turn_report import Answer, find_answer
from channels.turns import answer_of, listen, open_session, user_message


async def run_waiting(
    agent: RasaAgent | None, request: MessageRequest, output: BridgeOutput
) -> Answer:
    """Answers if there is a reason to; else the turn has `recorded: false`.

    No slot is filled and no form goes on: the policy alone decides what is said.
    """
    processor = ready_processor(agent)
    request = replace(request, waiting=request.waiting or {})
    async with processor.lock_store.lock(request.sender):
        tracker = await processor.get_tracker(request.sender)
        known = find_answer(tracker.events, request.message_id, processor.domain)
        if known is not None:
            return known
        await open_session(processor, tracker, output, wanted=False)
        listen(tracker)
        message = user_message(request, output, processor.domain)
        await processor._handle_message_with_tracker(message, tracker)
        await processor._run_prediction_loop(output, tracker)
        forget(tracker, request.not_kept)
        answer = answer_of(tracker, request.message_id, processor.domain)
        if answer.turn["actions"]:
            await processor.run_anonymization_pipeline(tracker)
            await processor.save_tracker(tracker)
        else:
            answer = Answer([], {**answer.turn, "recorded": False})
        output.answered()
        return answer
