using System.Text;
using CsCheck;
using Faas.Bench.Http;
using Xunit;

namespace Faas.Bench.Tests.Http;

public sealed class ResponseReaderTests
{
    private const string Fixed = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\ncontent-length:  11\r\n\r\n{\"data\": 1}";
    private const string Chunked =
        "HTTP/1.1 500 Internal Server Error\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\nA\r\n0123456789\r\n0\r\n\r\n";

    [Fact]
    public void It_reads_responses_one_after_the_other_however_they_are_cut() => Gen.Int[1, 60].Sample(piece =>
    {
        var reader = new ResponseReader(new Pieces(Fixed + Chunked + Fixed, piece));
        Assert.Equal((200, "{\"data\": 1}"), Read(reader));
        Assert.Equal((500, "abcd0123456789"), Read(reader));
        Assert.Equal((200, "{\"data\": 1}"), Read(reader));
    });

    [Fact]
    public void A_body_may_be_larger_than_the_buffer()
    {
        var body = new string('x', 300_000);
        var response = new Pieces($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}", 100_000);
        Assert.Equal((200, body), Read(new ResponseReader(response)));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc", "closed")]
    [InlineData("", "closed")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\nabc", "neither a length nor chunks")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\nabc", "Not a number: x")]
    [InlineData("SSH-2.0-OpenSSH\r\n\r\n", "Not a response: SSH-2.0-OpenSSH")]
    public void What_is_no_whole_response_is_refused(string response, string why) =>
        Assert.Contains(why, Assert.Throws<IOException>(() => Read(new ResponseReader(new Pieces(response, 7)))).Message);

    private static (int Status, string Body) Read(ResponseReader reader)
    {
        var body = new Body();
        var status = reader.Read(body);
        return (status, Encoding.UTF8.GetString(body.End));
    }

    private sealed class Pieces(string text, int piece) : MemoryStream(Encoding.UTF8.GetBytes(text))
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, piece));
    }
}
