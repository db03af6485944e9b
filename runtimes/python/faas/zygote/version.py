"""What a zygote and a mother say of themselves."""
import sys


def runtime_json():
    """The payload of READY, which is also the first line of a mother."""
    version = '.'.join(str(number) for number in sys.version_info[:3])
    return f'{{"protocol":1,"runtime":"python","version":"{version}"}}'.encode()
