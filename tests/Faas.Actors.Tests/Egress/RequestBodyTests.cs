using System.Text;
using CsCheck;
using Faas.Actors.Egress.Http;
using Faas.Tests;
using Xunit;

namespace Faas.Actors.Tests.Egress;

public sealed class RequestBodyTests
{
    private static readonly BodyFraming s_chunked = new(true, 0);

    [Theory]
    [InlineData("0\r\n\r\n")]
    [InlineData("5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("00A\r\n0123456789\r\n1\r\n\n\r\n000\r\n\r\n")]
    public void A_chunked_body_ends_after_its_last_chunk(string text)
    {
        var bytes = Encoding.ASCII.GetBytes(text + "GET / HTTP/1.1\r\n");
        for (var piece = 1; piece <= bytes.Length; piece++)
        {
            var body = new RequestBody(s_chunked);
            Assert.Equal(text.Length, TakenOf(ref body, bytes, piece));
            Assert.True(body.IsOver);
        }
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData("g\r\n")]
    [InlineData("-1\r\n")]
    [InlineData("0x5\r\nhello\r\n")]
    [InlineData("5;name=value\r\nhello\r\n")]
    [InlineData("5 \r\nhello\r\n")]
    [InlineData("5\nhello\n0\n\n")]
    [InlineData("5\r\nhelloX\r\n")]
    [InlineData("5\r\nhello\n0\r\n\r\n")]
    [InlineData("0\r\nX-Trailer: 1\r\n\r\n")]
    [InlineData("1000000000000000\r\n")]
    public void Chunks_that_servers_could_read_in_two_ways_are_wrong(string text)
    {
        var body = new RequestBody(s_chunked);
        TakenOf(ref body, Encoding.ASCII.GetBytes(text), text.Length);
        Assert.True(body.IsWrong);
    }

    [Fact]
    public void A_body_of_a_length_ends_there() => Gen.Select(Gen.Int[0, 50], Gen.Int[0, 99], Gen.Int[1, 9]).Fuzz(
        drawn =>
        {
            var (length, sent, piece) = drawn;
            var body = new RequestBody(new BodyFraming(false, length));
            Assert.Equal(Math.Min(length, sent), TakenOf(ref body, new byte[sent], piece));
            Assert.Equal(sent >= length, body.IsOver);
        },
        4_000);

    [Fact]
    public void The_end_is_the_same_however_the_bytes_are_cut() => Gen.Select(
        Gen.OneOf("5\r\nhello\r\n", "a\r\n0123456789\r\n", "1\r\nx\r\n", "0\r\n\r\n").List[0, 4]
            .Select(parts => Encoding.ASCII.GetBytes(string.Concat(parts) + "0\r\n\r\nrest")).Damaged(),
        Gen.Int[1, 9]).Fuzz(
        drawn =>
        {
            var (bytes, piece) = drawn;
            var (whole, cut) = (new RequestBody(s_chunked), new RequestBody(s_chunked));
            Assert.Equal(TakenOf(ref whole, bytes, Math.Max(1, bytes.Length)), TakenOf(ref cut, bytes, piece));
            Assert.Equal((whole.IsOver, whole.IsWrong), (cut.IsOver, cut.IsWrong));
        },
        40_000);

    private static int TakenOf(ref RequestBody body, byte[] bytes, int piece)
    {
        var taken = 0;
        foreach (var part in bytes.Chunk(piece))
        {
            var count = body.Take(part);
            taken += count;
            if (count < part.Length)
            {
                break;
            }
        }

        return taken;
    }
}
