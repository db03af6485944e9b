using System.Text;
using Faas.Actors.Callbacks;
using Xunit;

namespace Faas.Actors.Tests.Callbacks;

/// <summary>Signatures, beside one that the libraries of Standard Webhooks publish in their own tests.</summary>
public sealed class CallbackSignatureTests
{
    private const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private const string Published = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    private static readonly DateTimeOffset s_time = DateTimeOffset.FromUnixTimeSeconds(1614265330);
    private static readonly byte[] s_body = """{"test": 2432232314}"""u8.ToArray();

    [Fact]
    public void A_signature_is_the_published_one_and_each_secret_makes_one()
    {
        var (secret, other) = (CallbackSecret.Parse(CallbackExample.Secret)!, CallbackSecret.Parse(CallbackExample.OtherSecret)!);
        Assert.Equal(Published, CallbackSignature.Of([secret], Id, s_time, s_body));
        Assert.Equal("1614265330", CallbackSignature.SecondsOf(s_time.AddMilliseconds(999)));
        var both = CallbackSignature.Of([other, secret], Id, s_time, s_body).Split(' ');
        Assert.Equal((2, Published), (both.Length, both[1]));
        Assert.NotEqual(both[0], both[1]);
    }

    [Fact]
    public void Another_id_time_or_body_has_another_signature()
    {
        CallbackSecret[] secrets = [CallbackSecret.Parse(CallbackExample.Secret)!];
        Assert.NotEqual(Published, CallbackSignature.Of(secrets, $"{Id}x", s_time, s_body));
        Assert.NotEqual(Published, CallbackSignature.Of(secrets, Id, s_time.AddSeconds(1), s_body));
        Assert.NotEqual(Published, CallbackSignature.Of(secrets, Id, s_time, Encoding.UTF8.GetBytes("{}")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")] // without its beginning
    [InlineData("whsec_")]
    [InlineData("whsec_c2hvcnQ=")]
    [InlineData("whsec_no base64, but long enough to be a secret")]
    public void A_secret_that_is_short_or_of_another_form_is_none(string text) => Assert.Null(CallbackSecret.Parse(text));

    [Fact]
    public void A_secret_has_24_to_64_bytes_and_is_not_printed()
    {
        foreach (var (bytes, isOne) in new[] { (23, false), (24, true), (64, true), (65, false) })
        {
            Assert.Equal(isOne, CallbackSecret.Parse($"whsec_{Convert.ToBase64String(new byte[bytes])}") is not null);
        }

        Assert.DoesNotContain("MfKQ", $"{CallbackSecret.Parse(CallbackExample.Secret)}", StringComparison.Ordinal);
    }
}
