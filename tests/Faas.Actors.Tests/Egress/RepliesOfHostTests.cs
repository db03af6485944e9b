using System.Text;
using CsCheck;
using Faas.Actors.Egress.Http;
using Xunit;

namespace Faas.Actors.Tests.Egress;

public sealed class RepliesOfHostTests
{
    private const string Switch = "HTTP/1.1 101 Yes|Upgrade: websocket||";

    [Theory]
    [InlineData("HTTP/1.1 200 OK|Content-Length: 5||hello")]
    [InlineData("HTTP/1.1 200 OK|Content-Length: 0||")]
    [InlineData("HTTP/1.1 100 Continue||HTTP/1.1 103 Hints|Link: x||HTTP/1.1 204 Nothing||")]
    [InlineData("HTTP/1.1 304 Same|Content-Length: 50||")]
    [InlineData("HTTP/1.1 200 OK|Transfer-Encoding: gzip, chunked||A;x=y|0123456789|1|x|0||")]
    [InlineData("HTTP/1.1 200 OK|Transfer-Encoding: chunked|Content-Length: 9||3|abc|0|X-Trailer: 1|Y: 2||")]
    public async Task A_whole_reply_answers_one_request_in_any_pieces(string reply)
    {
        var bytes = BytesOf(reply + Switch);
        for (var piece = 1; piece <= bytes.Length; piece++)
        {
            var replies = new RepliesOfHost(1000);
            replies.Expect(isHead: false);
            var switched = replies.ExpectSwitch();
            foreach (var part in bytes[..^1].Chunk(piece))
            {
                replies.Passed(part);
            }

            Assert.False(switched.IsCompleted);
            replies.Passed(bytes.AsSpan()[^1..]);
            Assert.True(await switched);
        }
    }

    [Theory]
    [InlineData("HTTP/1.1 401 No|Content-Length: 0||")]
    [InlineData("no HTTP||")]
    [InlineData("HTTP/1.1 200 OK|Content-Length: 1|Content-Length: 2||")]
    [InlineData("HTTP/1.1 200 OK|Transfer-Encoding: chunked||xyz")]
    public async Task A_host_that_does_not_agree_has_not_switched_and_what_it_says_later_does_not_count(string reply)
    {
        var replies = new RepliesOfHost(1000);
        var switched = replies.ExpectSwitch();
        replies.Passed(BytesOf(reply + Switch));
        Assert.False(await switched);
        Assert.False(await replies.ExpectSwitch());
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK||")]
    [InlineData("HTTP/1.1 200 OK|Content-Length: 60||")]
    [InlineData("HTTP/1.1 200 OK|Transfer-Encoding: chunked||30|")]
    public async Task What_a_body_says_is_no_switch(string head)
    {
        var replies = new RepliesOfHost(1000);
        replies.Expect(isHead: false);
        var switched = replies.ExpectSwitch();
        replies.Passed(BytesOf(head + Switch));
        Assert.False(switched.IsCompleted);
        replies.End();
        Assert.False(await switched);
        Assert.False(await replies.ExpectSwitch());
    }

    [Fact]
    public void A_request_that_is_taken_back_is_not_awaited_unless_its_reply_has_begun()
    {
        var (none, begun) = (new RepliesOfHost(1000), new RepliesOfHost(1000));
        foreach (var replies in (RepliesOfHost[])[none, begun])
        {
            replies.Expect(isHead: false);
            replies.Expect(isHead: false);
            replies.Passed(BytesOf("HTTP/1.1 200 OK|Content-Length: 2||ok"));
        }

        begun.Passed(BytesOf("H"));
        none.TakeBack();
        begun.TakeBack();
        Assert.True(none.WhenAnsweredAsync().IsCompleted);
        Assert.False(begun.WhenAnsweredAsync().IsCompleted);
    }

    [Fact]
    public async Task A_host_that_has_ended_before_is_asked_in_vain()
    {
        var replies = new RepliesOfHost(1000);
        replies.End();
        replies.Expect(isHead: false);
        Assert.False(await replies.ExpectSwitch());
        replies.End();
        Assert.False(replies.WhenAnsweredAsync().IsCompleted);
    }

    [Fact]
    public void All_are_answered_when_each_request_has_its_reply_and_not_before()
    {
        var replies = new RepliesOfHost(1000);
        Assert.True(new RepliesOfHost(1000).WhenAnsweredAsync().IsCompleted);
        replies.Expect(isHead: true);
        replies.Expect(isHead: false);
        replies.Passed(BytesOf("HTTP/1.1 200 OK|Content-Length: 5||HTTP/1.1 200 OK|Content-Length: 2||o"));
        var answered = replies.WhenAnsweredAsync();
        Assert.False(answered.IsCompleted);
        replies.Passed(BytesOf("k"));
        Assert.True(answered.IsCompleted);
    }

    [Fact]
    public void Any_bytes_can_be_followed() => Gen.Select(Gen.Byte.Array[0, 200], Gen.Bool).Sample((bytes, isHead) =>
    {
        var replies = new RepliesOfHost(100);
        replies.Expect(isHead);
        replies.Passed(BytesOf("HTTP/1.1 200 OK|Transfer-Encoding: chunked||"));
        replies.Passed(bytes);
        replies.End();
    });

    private static byte[] BytesOf(string text) => Encoding.Latin1.GetBytes(text.Replace("|", "\r\n", StringComparison.Ordinal));
}
