using System.Buffers;
using System.Text;
using System.Text.Json;
using CsCheck;
using Faas.Http.Wire;
using Xunit;

namespace Faas.Http.Tests.Wire;

public sealed class JsonTextTests
{
    [Fact]
    public void Any_bytes_become_a_json_string_of_what_utf8_makes_of_them() => Gen.Byte.Array[0, 200].Sample(bytes =>
        JsonSerializer.Deserialize<string>(Written(bytes)) == Encoding.UTF8.GetString(bytes));

    [Fact]
    public void Text_of_every_alphabet_stays_readable() =>
        Assert.Equal(
            "\"a\\\"\\\\\\n\\r\\t\\u0000\\u001b\\u007f é 漢 😀 </script>\"",
            Encoding.UTF8.GetString(Written("a\"\\\n\r\t\0\u001b\u007f é 漢 😀 </script>"u8.ToArray())));

    [Fact]
    public void A_value_is_written_on_one_line_and_means_the_same()
    {
        var output = new ArrayBufferWriter<byte>();
        JsonText.WriteOnOneLine(output, "{\r\n\"a\": [1,\r2],\n\"b\": \"x\\ny\"}"u8);
        Assert.Equal("{  \"a\": [1, 2], \"b\": \"x\\ny\"}", Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Fact]
    public void Line_separators_of_unicode_are_escaped_in_texts_and_in_values()
    {
        const string text = "a\u2028b\u2029c\u0085d\u2027\u0086é漢";
        Assert.Equal("\"a\\u2028b\\u2029c\\u0085d\u2027\u0086é漢\"", Encoding.UTF8.GetString(Written(Encoding.UTF8.GetBytes(text))));

        var output = new ArrayBufferWriter<byte>();
        JsonText.WriteOnOneLine(output, Encoding.UTF8.GetBytes($"[\"{text}\"]"));
        var written = Encoding.UTF8.GetString(output.WrittenSpan);
        Assert.DoesNotContain(written, character => character is '\u2028' or '\u2029' or '\u0085');
        Assert.Equal([text], JsonSerializer.Deserialize<string[]>(written)!);
    }

    private static byte[] Written(byte[] text)
    {
        var output = new ArrayBufferWriter<byte>();
        JsonText.WriteString(output, text);
        return output.WrittenSpan.ToArray();
    }
}
