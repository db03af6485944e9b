namespace Faas.Http.Access;

/// <summary>
/// The headers that keep a browser from treating an answer as anything but data. Answers carry text that scripts, and so
/// strangers, have written. Left out, because they mean nothing here: Strict-Transport-Security (the server has no
/// TLS; what ends TLS in front of it sets it), X-Frame-Options (frame-ancestors says it), X-XSS-Protection (gone from
/// browsers), Permissions-Policy (for pages). CORS headers go only to pages that <see cref="AccessOptions.AllowsPageOf"/> allows, so no
/// other page reads an answer.
/// </summary>
public static class SecurityHeaders
{
    /// <summary>Sets them all.</summary>
    public static void Set(IHeaderDictionary headers)
    {
        // No guessing: a JSON string with markup in it is not a page.
        headers.XContentTypeOptions = "nosniff";
        // Should it be shown as a page all the same, it loads and runs nothing and stands in no frame.
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        // A script's path is in the address, and no other site's business.
        headers["Referrer-Policy"] = "no-referrer";
        // No other site's page may load it as a script or an image, where CORS does not ask.
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        // Results, logs and problems belong to one caller and one moment.
        headers.CacheControl = "no-store";
    }
}
