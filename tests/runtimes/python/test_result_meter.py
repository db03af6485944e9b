from . import runtime  # noqa: F401
from .limited import LimitedCase
from faas.zygote.result_meter import ResultMeter


class Metering(LimitedCase):
    def test_the_end_is_found_in_any_division_of_the_bytes(self):
        message, after = b'V\x07\x00\x00\x00"value"', b'after'
        received = memoryview(message + after)
        for size in range(1, len(received) + 1):
            with self.subTest(size=size):
                meter, taken = ResultMeter(), 0
                for start in range(0, len(received), size):
                    self.assertEqual(meter.complete, start >= len(message))
                    taken += meter.take(received[start:start + size])
                self.assertEqual((taken, meter.complete), (len(message), True))

    def test_an_empty_payload_ends_with_the_header(self):
        meter = ResultMeter()
        self.assertEqual(meter.take(memoryview(b'N\x00\x00\x00\x00N')), 5)
        self.assertTrue(meter.complete)

    def test_a_header_alone_is_not_complete(self):
        meter = ResultMeter()
        self.assertEqual(meter.take(memoryview(b'V\x00\x00\x00\x01')), 5)
        self.assertFalse(meter.complete)

    def test_the_length_is_unsigned_and_little_endian(self):
        meter = ResultMeter()
        meter.take(memoryview(b'V\xff\xff\xff\xff'))
        block = memoryview(bytes(1 << 20))
        self.assertEqual([meter.take(block) for _ in range(4095)], [1 << 20] * 4095)
        self.assertFalse(meter.complete)
        self.assertEqual(meter.take(block), (1 << 20) - 1)
        self.assertTrue(meter.complete)

    def test_nothing_is_taken_of_no_bytes(self):
        meter = ResultMeter()
        self.assertEqual(meter.take(memoryview(b'')), 0)
        self.assertFalse(meter.complete)
