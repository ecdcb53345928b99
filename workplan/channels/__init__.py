"""The ways by which messages leave the portal: mail and the robots of group chats. In the demo nothing leaves the machine."""
