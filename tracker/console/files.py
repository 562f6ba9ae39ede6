"""Looks into a file that was posted as a proof, as `duban attest --file` does, and says in Chinese why not."""

from __future__ import annotations

from tracker.console.forms import UploadedFile
from tracker.evidence.attachments.readers.reader import FileLimits, inspect_file
from tracker.evidence.attachments.readers.text import Unfit
from tracker.registers.errors import RegisterError
from tracker.registers.filings import check_file_name
from tracker.rulebook.schedule import Schedule

#: What an accepted file is called in a form's `accept`.
ACCEPTED = ".jpg,.jpeg,.png,.pdf,.ofd,.doc,.docx,.wps,.xls,.xlsx,.et"
_TAKEN = "可以报送JPG、PNG、PDF、OFD、Word、Excel和WPS文件。"
#: What the file reader says, and how a page says it; the first that fits.
_REASONS = (
    ("password", "文件加了密码，请去掉密码后重新报送。"),
    ("name it so that it ends", f"文件内容与文件名的后缀不符，请核对是否选错了文件。{_TAKEN}"),
    ("macro", "文件中含有宏，请另存为不含宏的文件后重新报送。"),
    ("script", "文件中含有程序，请另存或者扫描后重新报送。"),
    ("program", "文件中含有程序，请另存或者扫描后重新报送。"),
    ("embedded", "文件中嵌有其他文件，请另存或者扫描后重新报送。"),
    ("at once", "文件中藏有另一个文件，请另存或者扫描后重新报送。"),
    ("pixels", "图片过大，请降低扫描精度后重新报送。"),
    ("not whole", "文件不完整，可能没有保存好，请重新保存后报送。"),
    ("broken", "文件已损坏，请重新保存后报送。"),
    ("cannot be opened", "文件打不开，可能已损坏，请重新保存后报送。"),
)


class FileRefusedError(Exception):
    """A file is not taken as a proof; the text (Chinese) says why and what would be right."""


async def find_kind(schedule: Schedule, file: UploadedFile) -> str:
    """The kind of the file by its content. Raises FileRefusedError."""
    limits = FileLimits(schedule.filings.max_bytes, schedule.crawl.file_timeout.total_seconds())
    try:
        return await inspect_file(file.content, check_file_name(file.name), limits)
    except RegisterError:
        raise FileRefusedError("文件名过长或者含有看不见的字符，请改名后重新报送。") from None
    except Unfit as reason:
        text = str(reason)
        why = next((why for words, why in _REASONS if words in text), f"这种文件不能作为佐证。{_TAKEN}")
        raise FileRefusedError(f"未登记：{why}") from None
