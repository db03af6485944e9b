using System.Text;
using Faas.Actors.Runs;
using Xunit;

namespace Faas.Actors.Tests.Runs;

public sealed class BytesDataTests
{
    [Theory]
    [InlineData("""{"base64":"AAFi","mediaType":"image/png"}""", "image/png", "00-01-62")]
    [InlineData("""{"base64":"","mediaType":"text/plain; charset=utf-8","status":404}""", "text/plain; charset=utf-8", "")]
    public void Bytes_keep_their_message_their_media_type_and_their_content(string json, string mediaType, string content)
    {
        var data = BytesData.FromJson(Encoding.UTF8.GetBytes(json));

        Assert.Equal((json, DataType.Bytes), (Encoding.UTF8.GetString(data!.Json.Span), data.Type));
        var (type, bytes) = BytesData.Read(data);
        Assert.Equal((mediaType, content), (type, BitConverter.ToString(bytes)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("\"AAFi\"")]
    [InlineData("""{"base64":"AAFi"}""")]
    [InlineData("""{"mediaType":"image/png"}""")]
    [InlineData("""{"base64":"AAF","mediaType":"image/png"}""")]
    [InlineData("""{"base64":"A A=","mediaType":"image/png"}""")]
    [InlineData("""{"base64":7,"mediaType":"image/png"}""")]
    [InlineData("""{"base64":"","mediaType":null}""")]
    [InlineData("""{"base64":"","mediaType":""}""")]
    [InlineData("""{"base64":"","mediaType":"png"}""")]
    [InlineData("""{"base64":"","mediaType":"image/png\r\nX-Forged: 1"}""")]
    [InlineData("""{"base64":"","mediaType":"image/\u00e9"}""")]
    [InlineData("""{"base64":"","mediaType":"\ud800"}""")]
    [InlineData("""{"base64":"\ud800","mediaType":"image/png"}""")]
    public void A_message_that_no_runtime_writes_is_none(string json) =>
        Assert.Null(BytesData.FromJson(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void A_message_that_is_nested_deeply_is_none() =>
        Assert.Null(BytesData.FromJson(Encoding.UTF8.GetBytes(
            $$"""{"base64":"","mediaType":"image/png","deep":{{new string('[', 1000)}}{{new string(']', 1000)}}}""")));
}
