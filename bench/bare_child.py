"""Show a bare Qt window that has loaded the bundled network, and exit; prints JSON."""

from __future__ import annotations

import json
import sys
import time

from ai_edge_litert.interpreter import Interpreter
from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QMainWindow

from trainer.files.paths import resources


class _Window(QMainWindow):
    painted = processor = 0.0

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.painted:
            self.painted, self.processor = time.time(), time.process_time()
            QTimer.singleShot(0, self.close)


if __name__ == "__main__":
    application = QApplication(sys.argv)
    model = str(resources() / "models" / "default" / "model.tflite")
    interpreter = Interpreter(model_path=model, num_threads=1)
    interpreter.allocate_tensors()
    window = _Window()
    window.resize(1080, 720)
    window.show()
    application.exec()
    print(json.dumps({"painted": window.painted, "processor": window.processor}))
